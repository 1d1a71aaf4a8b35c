/* What mingw-w64's <math.h> calls, and zig keeps in a library of its own. */

int __isnan(double value) { return __builtin_isnan(value); }
int __isnanf(float value) { return __builtin_isnan(value); }
int __isnanl(long double value) { return __builtin_isnan(value); }
