// SPDX-License-Identifier: Apache-2.0
// Holds the floors (base < parts < engines < channels) and the accessibility rules of templates.
import vue from 'eslint-plugin-vue'
import a11y from 'eslint-plugin-vuejs-accessibility'
import ts from 'typescript-eslint'

const forbid = (...patterns) => ({
  'no-restricted-imports': [
    'error',
    {
      patterns: patterns.map((group) => ({
        group: [group],
        message: 'A file imports its own floor or a lower one.',
      })),
    },
  ],
})

export default ts.config(
  { ignores: ['dist/**', 'build/**', 'node_modules/**'] },
  ...ts.configs.recommended,
  ...vue.configs['flat/recommended'],
  ...a11y.configs['flat/recommended'],
  { files: ['**/*.vue'], languageOptions: { parserOptions: { parser: ts.parser } } },
  {
    rules: {
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/attributes-order': 'off',
      'vue/require-default-prop': 'off',
      'vue/component-definition-name-casing': 'off',
      'vue/one-component-per-file': 'off',
      // Screen readers on Apple devices forget that a list without bullets is a list.
      'vuejs-accessibility/no-redundant-roles': 'off',
      // A union type in a template is not a filter.
      'vue/no-deprecated-filter': 'off',
      'vue/no-v-html': 'error',
      'vuejs-accessibility/label-has-for': 'off',
      'vuejs-accessibility/form-control-has-label': 'off',
      'vuejs-accessibility/no-static-element-interactions': 'error',
    },
  },
  { files: ['src/base/**'], rules: forbid('@/parts/*', '@/engines/*', '@/channels/*') },
  { files: ['src/parts/**'], rules: forbid('@/engines/*', '@/channels/*') },
  { files: ['src/engines/**'], rules: forbid('@/channels/*') },
  { files: ['src/channels/citizen/**'], rules: forbid('@/channels/workbench/*', '**/workbench/**') },
  { files: ['src/channels/workbench/**'], rules: forbid('@/channels/citizen/*', '**/citizen/**') },
)
