/* Where Windows enters a program. A member of its own: libraries are linked without it. */

typedef void (*procedure)(void);
typedef int (*fallible)(void);

extern fallible __xi_a[], __xi_z[];
extern procedure __xc_a[], __xc_z[];
void __security_init_cookie(void);
int main(int count, char **arguments, char **environment);

__declspec(dllimport) void _set_app_type(int type);
__declspec(dllimport) int _configure_narrow_argv(int mode);
__declspec(dllimport) int _initialize_narrow_environment(void);
__declspec(dllimport) char **_get_initial_narrow_environment(void);
__declspec(dllimport) int *__p___argc(void);
__declspec(dllimport) char ***__p___argv(void);
__declspec(dllimport) int _initterm_e(fallible *from, fallible *to);
__declspec(dllimport) void _initterm(procedure *from, procedure *to);
__declspec(dllimport) __attribute__((noreturn)) void exit(int code);
__declspec(dllimport) __attribute__((noreturn)) void _exit(int code);

#define CONSOLE_APPLICATION 1
#define ARGUMENTS_AS_THEY_ARE 1
#define CANNOT_START 255

__attribute__((no_stack_protector)) int mainCRTStartup(void) {
  __security_init_cookie();
  _set_app_type(CONSOLE_APPLICATION);
  if (_initterm_e(__xi_a, __xi_z) || _configure_narrow_argv(ARGUMENTS_AS_THEY_ARE) ||
      _initialize_narrow_environment())
    _exit(CANNOT_START);
  _initterm(__xc_a, __xc_z);
  exit(main(*__p___argc(), *__p___argv(), _get_initial_narrow_environment()));
}
