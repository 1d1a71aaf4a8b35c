/* The stack guard as GCC and clang spell it, over that of the start-up code. */

typedef unsigned long long qword;

extern qword __security_cookie;
__attribute__((noreturn)) void __report_gsfailure(qword cookie);

qword __stack_chk_guard = 0x00002B992DDFA233ull;

__attribute__((noreturn)) void __stack_chk_fail(void) { __report_gsfailure(__stack_chk_guard); }

/* Before any function that is guarded returns: initialisers run in the order of their sections. */
__attribute__((no_stack_protector)) static int take_cookie(void) {
  __stack_chk_guard = __security_cookie;
  return 0;
}
__attribute__((used, section(".CRT$XIB"))) static int (*const initialiser)(void) = take_cookie;
