// The one function of Windows' bcryptprimitives.dll that Rust's std needs, for a wine that is
// older than that need: random bytes, from where wine has had them for long.
#define IMPORT __declspec(dllimport)

IMPORT unsigned char __stdcall SystemFunction036(void *buffer, unsigned long length);

__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *buffer, unsigned long long length) {
    while (length > 0) {
        unsigned long part = length > 0x10000000 ? 0x10000000 : (unsigned long)length;
        if (!SystemFunction036(buffer, part)) return 0;
        buffer += part;
        length -= part;
    }
    return 1;
}

int __stdcall DllMainCRTStartup(void *instance, unsigned long reason, void *reserved) {
    (void)instance, (void)reason, (void)reserved;
    return 1;
}
