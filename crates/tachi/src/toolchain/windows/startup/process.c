/* What every program and library for MSVC's targets is linked with: the tables that the linker
   sorts together, the stack guard, and the few functions that Microsoft links statically.
   The C runtime itself is the UCRT, a part of Windows 10 and later. Freestanding: no headers.
   Source of the names and layouts: "PE Format" and "Load Configuration Directory", Microsoft. */

typedef unsigned int dword;
typedef unsigned long long qword;
typedef void (*procedure)(void);
typedef int (*fallible)(void);

#define IN_SECTION(name) __attribute__((used, section(name)))

/* Names the libraries that this code and Rust's need, so that no command line has to. */
__asm__(".section .drectve,\"yni\"\n"
        ".ascii \" /defaultlib:vcruntime.lib /defaultlib:ucrt.lib /defaultlib:kernel32.lib\"\n"
        ".ascii \" /include:_load_config_used /include:_tls_used\"\n");

/* Compilers refer to it wherever floating point is used. */
int _fltused = 1;

/* Initialisers: the linker sorts .CRT$X?? by name, so these pairs enclose all others. */
IN_SECTION(".CRT$XIA") fallible __xi_a[1] = {0};
IN_SECTION(".CRT$XIZ") fallible __xi_z[1] = {0};
IN_SECTION(".CRT$XCA") procedure __xc_a[1] = {0};
IN_SECTION(".CRT$XCZ") procedure __xc_z[1] = {0};

/* Thread-local storage: the loader copies the template for each thread and calls back. */
typedef void (*thread_callback)(void *module, dword reason, void *reserved);
IN_SECTION(".CRT$XLA") thread_callback __xl_a = 0;
IN_SECTION(".CRT$XLZ") thread_callback __xl_z = 0;
IN_SECTION(".tls") char _tls_start = 0;
IN_SECTION(".tls$ZZZ") char _tls_end = 0;
dword _tls_index = 0;
__attribute__((used)) const struct {
  void *start, *end, *index, *callbacks;
  dword zero_fill, characteristics;
} _tls_used = {&_tls_start, &_tls_end, &_tls_index, &__xl_a + 1, 0, 0};

/* The stack guard of /GS: a value of this process that only its own functions know. */
#define DEFAULT_COOKIE 0x00002B992DDFA232ull
qword __security_cookie = DEFAULT_COOKIE;
qword __security_cookie_complement = ~DEFAULT_COOKIE;

__declspec(dllimport) int QueryPerformanceCounter(qword *ticks);
__declspec(dllimport) void GetSystemTimeAsFileTime(qword *time);
__declspec(dllimport) dword GetCurrentThreadId(void);
__declspec(dllimport) dword GetCurrentProcessId(void);

__attribute__((no_stack_protector)) void __security_init_cookie(void) {
  qword time = 0, ticks = 0;
  if (__security_cookie != DEFAULT_COOKIE)
    return;
  GetSystemTimeAsFileTime(&time);
  QueryPerformanceCounter(&ticks);
  qword cookie = time ^ (qword)&time ^ (ticks << 16) ^ ticks;
  cookie ^= ((qword)GetCurrentThreadId() << 24) ^ GetCurrentProcessId();
  /* The upper bytes stay zero, so that no string function copies over them unnoticed. */
  cookie &= 0x0000FFFFFFFFFFFFull;
  if (cookie == 0 || cookie == DEFAULT_COOKIE)
    cookie = DEFAULT_COOKIE + 1;
  __security_cookie = cookie;
  __security_cookie_complement = ~cookie;
}

/* FAST_FAIL_STACK_COOKIE_CHECK_FAILURE */
__attribute__((noreturn)) void __report_gsfailure(qword cookie) {
  (void)cookie;
#if defined(__x86_64__)
  __asm__ volatile("int $0x29" ::"c"(2));
#else
  __asm__ volatile("mov w0, #2\n\tbrk #0xF003" ::: "x0");
#endif
  __builtin_unreachable();
}

void __security_check_cookie(qword cookie) {
  if (cookie != __security_cookie)
    __report_gsfailure(cookie);
}

/* ExceptionContinueSearch: frames are checked when their functions return. */
int __GSHandlerCheck(void) { return 1; }

/* Functions for the end. Those of a library have to run when it goes, not when the process ends. */
typedef struct {
  procedure *first, *last, *end;
} onexit_table;
__declspec(dllimport) int _crt_atexit(procedure function);
__declspec(dllimport) int _crt_at_quick_exit(procedure function);
__declspec(dllimport) int _initialize_onexit_table(onexit_table *table);
__declspec(dllimport) int _register_onexit_function(onexit_table *table, fallible function);
__declspec(dllimport) int _execute_onexit_table(onexit_table *table);

static onexit_table of_library;
static int is_library = 0;

void __tachi_enter_library(void) {
  is_library = 1;
  _initialize_onexit_table(&of_library);
}

void __tachi_leave_library(void) { _execute_onexit_table(&of_library); }

int atexit(procedure function) {
  return is_library ? _register_onexit_function(&of_library, (fallible)function) : _crt_atexit(function);
}
int at_quick_exit(procedure function) { return _crt_at_quick_exit(function); }
fallible _onexit(fallible function) { return atexit((procedure)function) ? 0 : function; }

/* The virtual table of C++'s type_info. Rust's panics name it as the type of what they throw;
   only its address counts. */
const void *const type_info_table[3] __asm__("??_7type_info@@6B@") = {0, 0, 0};

/* Touches each page between the stack pointer and the new one, so that the guard page moves. */
#if defined(__x86_64__)
/* In and out: rax, the size in bytes. All registers are kept. */
__asm__(".text\n.globl __chkstk\n.globl ___chkstk_ms\n.p2align 4\n"
        "__chkstk:\n___chkstk_ms:\n"
        "  pushq %rcx\n  pushq %rax\n"
        "  leaq 24(%rsp), %rcx\n"
        "1: cmpq $0x1000, %rax\n  jb 2f\n"
        "  subq $0x1000, %rcx\n  orq $0, (%rcx)\n  subq $0x1000, %rax\n  jmp 1b\n"
        "2: subq %rax, %rcx\n  orq $0, (%rcx)\n"
        "  popq %rax\n  popq %rcx\n  ret\n");
#else
/* In and out: x15, the size in units of 16 bytes. May use x16 and x17. */
__asm__(".text\n.globl __chkstk\n.p2align 2\n"
        "__chkstk:\n"
        "  lsl x16, x15, #4\n  mov x17, sp\n"
        "1: sub x17, x17, #4096\n  subs x16, x16, #4096\n  ldr xzr, [x17]\n  b.gt 1b\n"
        "  ret\n");
#endif

/* The load configuration: where the cookie is, and the tables of Control Flow Guard, whose
   `__guard_…` symbols the linker fills in. 0x140 bytes, fields by their offsets. */
__asm__(".section .rdata,\"dr\"\n.p2align 4\n.globl _load_config_used\n"
        "_load_config_used:\n"
        "  .long 0x140\n  .fill 0x54, 1, 0\n"
        "  .quad __security_cookie, 0, 0\n"                                           /* 0x58 */
        "  .quad __guard_check_icall_fptr, __guard_dispatch_icall_fptr\n"             /* 0x70 */
        "  .quad __guard_fids_table, __guard_fids_count\n  .long __guard_flags\n"     /* 0x80 */
        "  .fill 0x0C, 1, 0\n"
        "  .quad __guard_iat_table, __guard_iat_count\n"                              /* 0xA0 */
        "  .quad __guard_longjmp_table, __guard_longjmp_count\n  .fill 0x48, 1, 0\n"  /* 0xB0 */
        "  .quad __guard_eh_cont_table, __guard_eh_cont_count\n  .fill 0x30, 1, 0\n"); /* 0x108 */

/* Before the loader puts its own there, every target of a call is as good as any. */
static void accept(void) {}
#if defined(__x86_64__)
__asm__(".text\n__tachi_dispatch:\n  jmp *%rax\n");
#else
__asm__(".text\n.p2align 2\n__tachi_dispatch:\n  br x9\n");
#endif
extern void __tachi_dispatch(void);
IN_SECTION(".00cfg") procedure const __guard_check_icall_fptr = accept;
IN_SECTION(".00cfg") procedure const __guard_dispatch_icall_fptr = __tachi_dispatch;
