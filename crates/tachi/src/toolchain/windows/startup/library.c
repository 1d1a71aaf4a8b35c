/* Where Windows enters a DLL. A member of its own: programs are linked without it. */

typedef void (*procedure)(void);
typedef int (*fallible)(void);

extern fallible __xi_a[], __xi_z[];
extern procedure __xc_a[], __xc_z[];
void __security_init_cookie(void);
void __tachi_enter_library(void);
void __tachi_leave_library(void);

__declspec(dllimport) int _initterm_e(fallible *from, fallible *to);
__declspec(dllimport) void _initterm(procedure *from, procedure *to);

#define PROCESS_DETACH 0
#define PROCESS_ATTACH 1

/* For libraries that define none. */
static int no_dll_main(void *module, unsigned int reason, void *reserved) {
  (void)module, (void)reason, (void)reserved;
  return 1;
}
int DllMain(void *, unsigned int, void *) __attribute__((weak, alias("no_dll_main")));

__attribute__((no_stack_protector)) int _DllMainCRTStartup(void *module, unsigned int reason, void *reserved) {
  if (reason == PROCESS_ATTACH) {
    __security_init_cookie();
    __tachi_enter_library();
    if (_initterm_e(__xi_a, __xi_z))
      return 0;
    _initterm(__xc_a, __xc_z);
  }
  int answer = DllMain(module, reason, reserved);
  if (reason == PROCESS_DETACH)
    __tachi_leave_library();
  return answer;
}
