// The functions of one algorithm each. EVP, and the one-call functions SHA256() and MD5() that stand on it, would bring
// all of OpenSSL's algorithms into the executable: 3 MB.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/md5.h>
#include <openssl/sha.h>
