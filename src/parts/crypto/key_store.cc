// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/crypto/key_store.h"

#include <argon2.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <optional>
#include <shared_mutex>

#include "base/json.h"
#include "parts/crypto/errors.h"
#include "parts/crypto/sm2_exchange.h"
#include "parts/crypto/sm3.h"

namespace city::crypto {
namespace {

constexpr std::string_view kMagic = "YWK1";
constexpr size_t kSaltSize = 16, kLeastMaster = 12;
constexpr Purpose kPurposes[] = {Purpose::kSign, Purpose::kUnwrap, Purpose::kSeal, Purpose::kIndex};

struct Version {
  uint32_t number = 0;
  int64_t made_at = 0;
  Secret key;  // 32 random bytes, or the PKCS#8 of a pair
  std::optional<Sm2PrivateKey> pair;
  Digest identity{};  // Z of the pair with the usual user: the same before every message
  std::shared_ptr<const Sealer> sealer;
  std::shared_ptr<const HmacSm3Key> hash;
  std::atomic<uint64_t> uses{0};
};

struct Key {
  Purpose purpose;
  std::vector<std::unique_ptr<Version>> versions;  // ascending
};

bool IsPair(Purpose purpose) { return purpose == Purpose::kSign || purpose == Purpose::kUnwrap; }

Result<std::unique_ptr<Version>> MakeVersion(Purpose purpose, uint32_t number, int64_t made_at,
                                             Secret key) {
  auto out = std::make_unique<Version>();
  out->number = number;
  out->made_at = made_at;
  if (IsPair(purpose)) {
    TRY(out->pair, Sm2PrivateKey::Parse(key.view()));
    out->key = out->pair->ToDer();
    out->identity = Sm2IdentityHash(out->pair->PublicKey(), kDefaultUserId);
    return out;
  }
  if (key.size() != 32) return error::kBadKey({{"reason", "32 bytes are needed"}});
  if (purpose == Purpose::kSeal) out->sealer = std::make_shared<Sealer>(key.view(), number);
  if (purpose == Purpose::kIndex) {
    out->hash = std::make_shared<HmacSm3Key>(DeriveKey(key.view(), "index").view());
  }
  out->key = std::move(key);
  return out;
}

class SoftwareKeys : public KeyDevice {
 public:
  SoftwareKeys() = default;  // in memory alone

  // With a file: `lock` is its open, locked handle.
  SoftwareKeys(std::string path, std::string salt, Secret file_key, int lock)
      : path_(std::move(path)),
        salt_(std::move(salt)),
        file_key_(std::move(file_key)),
        lock_(lock) {}

  ~SoftwareKeys() override {
    if (lock_ >= 0) ::close(lock_);
  }

  Result<void> Ensure(std::string_view name, Purpose purpose, Time now) override {
    std::unique_lock guard(mutex_);
    if (auto found = keys_.find(name); found != keys_.end()) {
      if (found->second.purpose == purpose) return {};
      return error::kKeyExists({{"name", std::string(name)}});
    }
    TRY_VOID(Add(name, purpose, Fresh(purpose), now));
    return {};
  }

  Result<uint32_t> Rotate(std::string_view name, Time now) override {
    std::unique_lock guard(mutex_);
    auto found = keys_.find(name);
    if (found == keys_.end()) return Unknown(name);
    return Add(name, found->second.purpose, Fresh(found->second.purpose), now);
  }

  Result<uint32_t> Import(std::string_view name, Purpose purpose, const Secret& key,
                          Time now) override {
    std::unique_lock guard(mutex_);
    auto found = keys_.find(name);
    if (found != keys_.end() && found->second.purpose != purpose) {
      return error::kKeyExists({{"name", std::string(name)}});
    }
    return Add(name, purpose, key.Copy(), now);
  }

  Result<void> Destroy(std::string_view name, uint32_t number) override {
    std::unique_lock guard(mutex_);
    auto found = keys_.find(name);
    if (found == keys_.end()) return Unknown(name);
    auto& versions = found->second.versions;
    auto old = std::find_if(versions.begin(), versions.end(),
                            [&](const auto& version) { return version->number == number; });
    if (old == versions.end() || *old == versions.back()) return Unknown(name);
    std::unique_ptr<Version> gone = std::move(*old);
    auto after = versions.erase(old);
    Result<void> saved = Save();
    if (!saved) versions.insert(after, std::move(gone));
    return saved;
  }

  std::vector<KeyInfo> List() const override {
    std::shared_lock guard(mutex_);
    std::vector<KeyInfo> out;
    for (const auto& [name, key] : keys_) {
      for (const auto& version : key.versions) {
        out.push_back({name, key.purpose, version->number, FromMicros(version->made_at),
                       version->uses.load()});
      }
    }
    return out;
  }

  Result<std::string> Sign(std::string_view name, std::string_view message,
                           std::string_view user_id) override {
    std::shared_lock guard(mutex_);
    TRY(Version * version, Find(name, Purpose::kSign, 0));
    if (user_id != kDefaultUserId) return version->pair->Sign(message, user_id);
    return version->pair->SignDigest(
        Sm3Hasher().Update(View(version->identity)).Update(message).Finish());
  }

  Result<std::string> SignDigest(std::string_view name, const Digest& e) override {
    std::shared_lock guard(mutex_);
    TRY(Version * version, Find(name, Purpose::kSign, 0));
    return version->pair->SignDigest(e);
  }

  Result<Sm2PublicKey> PublicKey(std::string_view name, uint32_t number) const override {
    std::shared_lock guard(mutex_);
    auto found = keys_.find(name);
    if (found == keys_.end() || !IsPair(found->second.purpose)) return Unknown(name);
    for (const auto& version : found->second.versions) {
      if (version->number == number) return version->pair->PublicKey();
    }
    if (number != 0) return Unknown(name);
    return found->second.versions.back()->pair->PublicKey();
  }

  Result<Secret> Unwrap(std::string_view name, std::string_view ciphertext) override {
    std::shared_lock guard(mutex_);
    TRY(Version * present, Find(name, Purpose::kUnwrap, 0));
    Result<Secret> out = present->pair->Decrypt(ciphertext);
    const auto& versions = keys_.find(name)->second.versions;
    for (auto it = versions.rbegin() + 1; !out && it < versions.rend(); ++it) {
      out = (*it)->pair->Decrypt(ciphertext);
    }
    return out;
  }

  Result<std::string> Seal(std::string_view name, std::string_view plain,
                           std::string_view context) override {
    TRY(std::shared_ptr<const Sealer> sealer, SealerOf(name, 0));
    return sealer->Seal(plain, context);
  }

  Result<std::string> Open(std::string_view name, std::string_view sealed,
                           std::string_view context) override {
    TRY(uint32_t number, Sealer::KeyNumberOf(sealed));
    if (number == 0) return error::kAltered;
    TRY(std::shared_ptr<const Sealer> sealer, SealerOf(name, number));
    return sealer->Open(sealed, context);
  }

  Result<std::shared_ptr<const Sealer>> SealerOf(std::string_view name, uint32_t number) override {
    std::shared_lock guard(mutex_);
    TRY(Version * version, Find(name, Purpose::kSeal, number));
    return version->sealer;
  }

  Result<Digest> Index(std::string_view name, std::string_view value, uint32_t number) override {
    std::shared_ptr<const HmacSm3Key> hash;
    {
      std::shared_lock guard(mutex_);
      TRY(Version * version, Find(name, Purpose::kIndex, number));
      hash = version->hash;
    }
    return hash->Of(value);
  }

  Result<void> Load(std::string text) {
    Result<json::value> parsed = ParseJson(text);
    Wipe(text);
    if (!parsed || !parsed->is_array()) return Locked();
    try {
      for (const json::value& entry : parsed->as_array()) {
        const std::string_view purpose_name(entry.at("purpose").as_string());
        auto purpose = std::find_if(std::begin(kPurposes), std::end(kPurposes),
                                    [&](Purpose p) { return NameOf(p) == purpose_name; });
        if (purpose == std::end(kPurposes)) return Locked();
        Key key{*purpose, {}};
        for (const json::value& row : entry.at("versions").as_array()) {
          TRY(std::string bytes, FromHex(std::string_view(row.at("key").as_string())));
          TRY(std::unique_ptr<Version> version,
              MakeVersion(*purpose, row.at("number").to_number<uint32_t>(),
                          row.at("made_at").to_number<int64_t>(), Secret(std::move(bytes))));
          key.versions.push_back(std::move(version));
        }
        if (key.versions.empty()) return Locked();
        keys_.emplace(std::string(entry.at("name").as_string()), std::move(key));
      }
    } catch (const std::exception&) {
      return Locked();
    }
    return {};
  }

  Result<void> Save() const {
    if (path_.empty()) return {};
    std::string text = "[";
    for (const auto& [name, key] : keys_) {
      if (text.size() > 1) text += ',';
      text += "{\"name\":" + ToText(json::value(name)) + ",\"purpose\":\"" +
              std::string(NameOf(key.purpose)) + "\",\"versions\":[";
      for (const auto& version : key.versions) {
        if (version != key.versions.front()) text += ',';
        std::string hex = ToHex(version->key.view());
        text += "{\"number\":" + std::to_string(version->number) +
                ",\"made_at\":" + std::to_string(version->made_at) + ",\"key\":\"" + hex + "\"}";
        Wipe(hex);
      }
      text += "]}";
    }
    text += "]";
    std::string file = std::string(kMagic) + salt_ + Sealer(file_key_.view()).Seal(text, kMagic);
    Wipe(text);
    return Replace(file);
  }

 private:
  static Secret Fresh(Purpose purpose) {
    return IsPair(purpose) ? Sm2PrivateKey::Generate().ToDer() : Secret(RandomBytes(32));
  }

  static tl::unexpected<Error> Unknown(std::string_view name) {
    return error::kUnknownKey({{"name", std::string(name)}});
  }

  tl::unexpected<Error> Locked() const { return error::kKeyStoreLocked({{"path", path_}}); }

  tl::unexpected<Error> FileTrouble() const {
    return error::kKeyStoreFile({{"path", path_}, {"reason", std::strerror(errno)}});
  }

  Result<Version*> Find(std::string_view name, Purpose purpose, uint32_t number) {
    auto found = keys_.find(name);
    if (found == keys_.end() || found->second.purpose != purpose) return Unknown(name);
    for (const auto& version : found->second.versions) {
      if (version->number == number || (number == 0 && version == found->second.versions.back())) {
        ++version->uses;
        return version.get();
      }
    }
    return Unknown(name);
  }

  Result<uint32_t> Add(std::string_view name, Purpose purpose, Secret bytes, Time now) {
    auto found = keys_.find(name);
    const bool fresh = found == keys_.end();
    const uint32_t number = fresh ? 1 : found->second.versions.back()->number + 1;
    TRY(std::unique_ptr<Version> version,
        MakeVersion(purpose, number, ToMicros(now), std::move(bytes)));
    if (fresh) found = keys_.emplace(std::string(name), Key{purpose, {}}).first;
    found->second.versions.push_back(std::move(version));
    if (Result<void> saved = Save(); !saved) {
      found->second.versions.pop_back();
      if (fresh) keys_.erase(found);
      return Fail(saved.error());
    }
    return number;
  }

  // Written beside, flushed, then put in place: a crash leaves the old file or the new one.
  Result<void> Replace(const std::string& bytes) const {
    const std::string beside = path_ + ".new";
    int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return FileTrouble();
    bool good = true;
    for (size_t done = 0; good && done < bytes.size();) {
      ssize_t n = ::write(file, bytes.data() + done, bytes.size() - done);
      good = n > 0;
      done += good ? static_cast<size_t>(n) : 0;
    }
    good = good && ::fsync(file) == 0;
    ::close(file);
    if (!good || std::rename(beside.c_str(), path_.c_str()) != 0) return FileTrouble();
    std::filesystem::path folder = std::filesystem::path(path_).parent_path();
    int dir = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir >= 0) {
      ::fsync(dir);
      ::close(dir);
    }
    return {};
  }

  const std::string path_;
  const std::string salt_;
  const Secret file_key_{};
  const int lock_ = -1;
  mutable std::shared_mutex mutex_;
  std::map<std::string, Key, std::less<>> keys_;
};

Result<Secret> FileKey(const Secret& master, std::string_view salt) {
  if (master.size() < kLeastMaster) {
    return error::kBadKey({{"reason", "the master key has less than 12 bytes"}});
  }
  if (master.size() == 32) {
    const Digest salted = HmacSm3(salt, master.view());  // HKDF-Extract with the file's salt
    return DeriveKey(View(salted), "key store");
  }
  std::string out(32, '\0');
  int code = argon2id_hash_raw(3, 64 * 1024, 1, master.view().data(), master.size(), salt.data(),
                               salt.size(), out.data(), out.size());
  if (code != ARGON2_OK) return error::kFailed({{"reason", argon2_error_message(code)}});
  return Secret(std::move(out));
}

}  // namespace

std::string_view NameOf(Purpose purpose) {
  switch (purpose) {
    case Purpose::kSign:
      return "sign";
    case Purpose::kUnwrap:
      return "unwrap";
    case Purpose::kSeal:
      return "seal";
    case Purpose::kIndex:
      return "index";
  }
  return "";
}

Result<Secret> ReadMasterKey(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) {
    text.remove_suffix(1);
  }
  if (text.size() == 64) {
    if (Result<std::string> bytes = FromHex(text)) return Secret(std::move(*bytes));
  }
  // A passphrase of exactly 32 bytes must not pass for a random key.
  std::string phrase = "passphrase:" + std::string(text);
  if (text.size() < kLeastMaster) {
    return error::kBadKey({{"reason", "the master key has less than 12 bytes"}});
  }
  if (phrase.size() == 32) phrase += ':';
  return Secret(std::move(phrase));
}

Result<std::unique_ptr<KeyDevice>> OpenKeyStore(const std::string& path, const Secret& master) {
  auto trouble = [&] {
    return error::kKeyStoreFile({{"path", path}, {"reason", std::strerror(errno)}});
  };
  // The lock lies beside, since the file itself is replaced.
  int lock = ::open((path + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return trouble();
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    auto out = trouble();
    ::close(lock);
    return out;
  }
  std::string bytes;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file >= 0) {
    char buffer[65536];
    for (ssize_t n; (n = ::read(file, buffer, sizeof buffer)) > 0;) {
      bytes.append(buffer, static_cast<size_t>(n));
    }
    ::close(file);
  } else if (errno != ENOENT) {
    auto out = trouble();
    ::close(lock);
    return out;
  }
  const bool fresh = file < 0;
  if (!fresh && (bytes.size() < kMagic.size() + kSaltSize || !bytes.starts_with(kMagic))) {
    ::close(lock);
    return error::kKeyStoreLocked({{"path", path}});
  }
  const std::string salt = fresh ? RandomBytes(kSaltSize) : bytes.substr(kMagic.size(), kSaltSize);
  Result<Secret> key = FileKey(master, salt);
  if (!key) {
    ::close(lock);
    return Fail(key.error());
  }
  const Sealer sealer(key->view());
  auto out = std::make_unique<SoftwareKeys>(path, salt, std::move(*key), lock);
  if (fresh) {
    TRY_VOID(out->Save());
    return out;
  }
  Result<std::string> text =
      sealer.Open(std::string_view(bytes).substr(kMagic.size() + kSaltSize), kMagic);
  if (!text) return error::kKeyStoreLocked({{"path", path}});
  TRY_VOID(out->Load(std::move(*text)));
  return out;
}

std::unique_ptr<KeyDevice> MakeKeyStoreInMemory() { return std::make_unique<SoftwareKeys>(); }

}  // namespace city::crypto
