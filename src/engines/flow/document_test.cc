// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/document.h"

#include <gtest/gtest.h>

namespace city::flow {
namespace {

constexpr const char* kModel = R"(<?xml version="1.0"?>
<!-- before -->
<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:v="urn:vendor"
   targetNamespace="urn:t" name="n" id="d"><?keep me?>
  <b:process id="p" v:x="1"><!-- inside -->
    <b:scriptTask id="s"><b:script><![CDATA[a < b && c]]></b:script></b:scriptTask>
    <b:documentation> text with  spaces <v:i>and</v:i> <v:i>marks</v:i></b:documentation>
    <b:extensionElements><v:note a="&quot;&#10;" /></b:extensionElements>
  </b:process></b:definitions>)";

TEST(Document, ComesBackWithNothingLost) {
  auto first = Document::Load(kModel);
  ASSERT_TRUE(first);
  auto text = (*first)->Canonical();
  for (const char* part :
       {"<!-- before -->", "<!-- inside -->", "<?keep me?>", "v:x=\"1\"", "<![CDATA[a < b && c]]>",
        "<v:i>and</v:i> <v:i>marks</v:i>", "a=\"&quot;&#10;\"", "xmlns:v=\"urn:vendor\""}) {
    EXPECT_NE(text.find(part), text.npos) << part << " in\n" << text;
  }
  auto second = Document::Load(text);
  ASSERT_TRUE(second);
  EXPECT_EQ(FirstDifference(**first, **second), "");
  EXPECT_EQ((*second)->Canonical(), text);
}

TEST(Document, SeesWhatIsDifferent) {
  std::string other(kModel);
  other.replace(other.find("v:x=\"1\""), 7, "v:x=\"2\"");
  auto a = Document::Load(kModel);
  auto b = Document::Load(other);
  EXPECT_NE(FirstDifference(**a, **b), "");
}

TEST(Document, RefusesWhatIsNoBpmn) {
  EXPECT_EQ(Document::Load("<html/>").error().code(), "flow.not_bpmn");
  EXPECT_EQ(Document::Load("").error().kind(), Kind::kInvalidInput);
  EXPECT_EQ(Document::Load("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>").error().kind(),
            Kind::kInvalidInput);
}

TEST(Document, TellsNamespacesItDoesNotKnow) {
  auto d = Document::Load(kModel);
  EXPECT_EQ((*d)->UnknownNamespaces(), std::vector<std::string>{"urn:vendor"});
}

}  // namespace
}  // namespace city::flow
