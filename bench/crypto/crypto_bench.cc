// SPDX-License-Identifier: Apache-2.0
// How fast is national cryptography beside OpenSSL's own measure, and how fast are certificates
// made and checked? One thread; `openssl speed` runs in the same minute, so that the machine's load
// is the same for both.
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "engines/certificates/authority.h"
#include "engines/certificates/credential.h"
#include "engines/certificates/face_sheet.h"
#include "parts/crypto/crypto.h"
#include "parts/crypto/signed_data.h"
#include "parts/documents/pdf_signature.h"
#include "parts/documents/xlsx.h"

namespace city {
namespace {
using Clock = std::chrono::steady_clock;

double PerSecond(const std::function<void()>& once, double seconds = 2) {
  once();
  int64_t count = 0;
  // Processor time, as `openssl speed` counts, so that other work on the machine does not matter.
  std::clock_t start = std::clock();
  double taken = 0;
  while (taken < seconds) {
    once();
    ++count;
    taken = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  }
  return static_cast<double>(count) / taken;
}

/// The machine-readable lines of `openssl speed`.
std::string Speed(const std::string& words) {
  std::string out;
  FILE* pipe = popen(("openssl speed -mr -seconds 2 " + words + " 2>/dev/null").c_str(), "r");
  char buffer[512];
  while (pipe != nullptr && fgets(buffer, sizeof buffer, pipe)) out += buffer;
  if (pipe != nullptr) pclose(pipe);
  return out;
}

/// Bytes a second of the last column, for a block of 16 KiB.
double SpeedOfBytes(const std::string& words) {
  std::istringstream lines(Speed("-bytes 16384 " + words));
  double last = 0;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("+F:")) last = std::atof(line.substr(line.rfind(':') + 1).c_str());
  return last;
}

void Tell(const char* what, double ours, double theirs, const char* unit) {
  if (theirs > 0)
    fmt::print("{:<34} {:>12.1f} {:<6} openssl {:>12.1f}  ratio {:.2f}\n", what, ours, unit, theirs,
               ours / theirs);
  else
    fmt::print("{:<34} {:>12.1f} {}\n", what, ours, unit);
}

certificates::CertificateType Licence() {
  return *certificates::ReadCertificateType(*yaml::Parse(R"(
certificate: licence
label: { zh: 食品经营许可证, en: Food licence }
code: 11100000MB0143028R002
holder: enterprise
seal: 行政审批专用章
fields:
  name: { label: { zh: 经营者名称, en: Operator }, required: true }
  credit_code: { label: { zh: 社会信用代码, en: Credit code } }
  legal_person: { label: { zh: 法定代表人, en: Person in charge } }
  address: { label: { zh: 经营场所, en: Premises } }
  kind: { label: { zh: 主体业态, en: Kind } }
  items: { label: { zh: 经营项目, en: Items } }
)",
                                                         "bench"),
                                            "bench");
}

/// Bare signatures, hashes and ciphers beside `openssl speed`.
void Primitives(const crypto::Sm2PrivateKey& key, const std::string& message) {
  const crypto::Sm2PublicKey public_key = key.PublicKey();
  const std::string signature = *key.Sign(message), block(16384, 'b');
  std::string speed = Speed("sm2");
  double their_sign = 0, their_verify = 0;
  std::istringstream lines(speed);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("+F7:") || line.starts_with("+F8:") ||
        line.find("SM2") != std::string::npos) {
      size_t end = line.rfind(':');
      size_t before = line.rfind(':', end - 1);
      double verify = std::atof(line.substr(end + 1).c_str());
      double sign = std::atof(line.substr(before + 1, end - before - 1).c_str());
      // Newer ones print rates, older ones seconds for one.
      their_sign = sign > 0 && sign < 1 ? 1 / sign : sign;
      their_verify = verify > 0 && verify < 1 ? 1 / verify : verify;
    }
  Tell("SM2 signatures", PerSecond([&] { (void)key.Sign(message); }), their_sign, "1/s");
  Tell("SM2 verifications", PerSecond([&] { (void)public_key.Verify(message, signature); }),
       their_verify, "1/s");
  Tell("SM3", PerSecond([&] { (void)crypto::Sm3(block); }) * 16384 / 1e6,
       SpeedOfBytes("-evp sm3") / 1e6, "MB/s");
  Tell("SM4-CTR",
       PerSecond([&] { (void)crypto::Sm4Ctr(std::string(16, 'k'), std::string(16, 'c'), block); }) *
           16384 / 1e6,
       SpeedOfBytes("-evp sm4-ctr") / 1e6, "MB/s");
}

/// `only_issuing`: nothing but certificates, for a profile.
int Run(bool only_issuing) {
  Time now = SystemClock().Now();
  std::string folder = "/tmp/yiwang-bench-crypto";
  auto keys = crypto::MakeKeyStoreInMemory();
  auto authority = *certificates::Authority::Open(folder, *keys, "明月市", now);
  (void)keys->Ensure("seal", crypto::Purpose::kSign, now);
  crypto::Sm2PrivateKey key = crypto::Sm2PrivateKey::Generate();
  std::string message(32, 'm');

  if (!only_issuing) Primitives(key, message);
  certificates::CertificateType type = Licence();
  auto certificate =
      *authority->Certify("seal", "明月市", "市场监管局", now, now + std::chrono::hours(24 * 365));
  crypto::SealFacts facts{.id = "1",
                          .name = "明月市市场监督管理局",
                          .kind = crypto::SealKind::kBusiness,
                          .users = {certificate},
                          .made_at = now,
                          .from = now,
                          .to = now + std::chrono::hours(24 * 365),
                          .picture = *documents::SealPng({.name = "明月市市场监督管理局"})};
  const crypto::SealInHand seal =
      *crypto::SealInHand::Take(*crypto::ReadSeal(*crypto::MakeSeal(
                                    facts, authority->maker(), authority->SignerOf("seal-maker"))),
                                certificate);
  int number = 0;
  std::string pdf;
  bool with_pdf = false;
  auto issue = [&] {
    ++number;
    certificates::Sheet sheet;
    sheet.type = &type;
    // Every holder has other signs, so that no two fonts are the same.
    std::string name;
    static const std::u32string kSigns =
        U"李王张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶明丹韵瑞"
        U"恒泰"
        U"安嘉禾盛源和兴达祥宏翠云岭江伟芳娜敏静丽强磊军洋勇艳杰娟涛超秀霞平刚桂英华玉兰文辉建国志"
        U"海春雪"
        U"梅浩宇轩子涵欣怡诗雨晨俊思婷佳茶业餐饮食品农科技物流信息文化旅游机械医药环保商贸家居电新"
        U"能";
    for (int i = 0; i < 6; ++i)
      name += documents::Utf8(
          std::u32string(1, kSigns[static_cast<size_t>(number * 37 + i * 811) % kSigns.size()]));
    sheet.faces = {{"name", name + "有限公司"},
                   {"credit_code", fmt::format("91350100M{:09}", number)},
                   {"legal_person", name.substr(0, 6)},
                   {"address", "浈江区百旺路" + std::to_string(number) + "号"},
                   {"kind", "餐饮服务经营者"},
                   {"items", "热食类食品制售；冷食类食品制售"}};
    sheet.number = fmt::format("JY2440200{:07}", number);
    sheet.identifier = "1.2.156.3005.2.x." + sheet.number;
    sheet.issuer = "明月市市场监督管理局";
    sheet.issued_at = now;
    sheet.check_address = "https://city.example/check?n=" + sheet.identifier;
    documents::Document document = *certificates::LayOutSheet(sheet);
    documents::SigningOrder order;
    order.signed_at = now;
    order.stamps = {certificates::SealPlace(type)};
    std::string sealed = *documents::WriteSignedOfd(
        document, order, [&](std::string_view hash, std::string_view info) {
          return seal.Sign(hash, info, now, authority->DigestSignerOfKey("seal"));
        });
    if (with_pdf)
      pdf = *documents::SignPdf(
          *documents::WritePdf(document), "seal", now, [&](std::string_view digest) {
            return crypto::SignDetached(digest, now, certificate, authority->SignerOfKey("seal"));
          });
    (void)*certificates::MakeCredential({{"number", sheet.number}}, sheet.faces, "seal",
                                        authority->SignerOfKey("seal"));
    return sealed;
  };
  // In turn with bare signatures, so that both see the same load of the machine.
  double issued = 0, bare = 0;
  constexpr int kRounds = 8;
  for (int round = 0; round < kRounds; ++round) {
    bare += PerSecond([&] { (void)key.Sign(message); }, 0.5) / 2 / kRounds;
    issued += PerSecond([&] { (void)issue(); }, 0.5) / kRounds;
  }
  fmt::print("{:<34} {:>12.1f} 1/s    of bare signing for two {:>10.1f}  ratio {:.2f}\n",
             "certificates issued and sealed", issued, bare, issued / bare);
  if (only_issuing) return 0;
  with_pdf = true;
  const double with = PerSecond([&] { (void)issue(); });
  fmt::print("{:<34} {:>12.1f} 1/s    {} bytes of PDF\n", "the same with a signed PDF", with,
             pdf.size());
  with_pdf = false;
  std::string sealed = issue();
  const crypto::Certificate others[] = {authority->issuing()};
  const crypto::Certificate roots[] = {authority->root()};
  Tell("OFD verified", PerSecond([&] {
         auto found = documents::CheckOfdSignatures(sealed);
         auto report = crypto::CheckSealSignature((*found)[0].signed_value, (*found)[0].data_hash,
                                                  (*found)[0].property_info, others, roots);
         if (!report.passed()) std::abort();
       }),
       0, "1/s");
  fmt::print("{:<34} {:>12} bytes\n", "size of a sealed OFD", sealed.size());

  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  auto start = Clock::now();
  std::ofstream out("/tmp/yiwang-bench.xlsx", std::ios::binary);
  documents::XlsxWriter writer(
      [&](std::string_view bytes) -> Result<void> {
        out << bytes;
        return {};
      },
      "办件", {{"编号"}, {"名称"}, {"金额"}, {"日期"}});
  for (int64_t i = 0; i < 1'000'000; ++i) {
    const documents::SheetCell cells[] = {i, "第" + std::to_string(i) + "号办件",
                                          1.5 * static_cast<double>(i),
                                          Date(std::chrono::days(20000 + i % 3000))};
    (void)writer.Row(cells);
  }
  (void)writer.Finish();
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  fmt::print("{:<34} {:>12.1f} s      memory grew by {} MB, {} MB in all\n",
             "xlsx of 1,000,000 rows", std::chrono::duration<double>(Clock::now() - start).count(),
             (after.ru_maxrss - before.ru_maxrss) / 1024, after.ru_maxrss / 1024);
  std::filesystem::remove("/tmp/yiwang-bench.xlsx");
  std::filesystem::remove_all(folder);
  return 0;
}
}  // namespace
}  // namespace city

int main(int argc, char** argv) {
  return city::Run(argc > 1 && std::string_view(argv[1]) == "issuing");
}
