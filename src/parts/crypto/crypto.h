// SPDX-License-Identifier: Apache-2.0
// Why: the whole door of the cryptography for those who need several of its parts.
#pragma once

#include "parts/crypto/bytes.h"
#include "parts/crypto/certificate.h"
#include "parts/crypto/electronic_seal.h"
#include "parts/crypto/key_store.h"
#include "parts/crypto/password.h"
#include "parts/crypto/sm2.h"
#include "parts/crypto/sm3.h"
#include "parts/crypto/sm4.h"
#include "parts/crypto/time_stamp.h"
