/* What C that is compiled for mingw-w64 calls, and zig keeps in libraries of its own. */

int __isnan(double value) { return __builtin_isnan(value); }
int __isnanf(float value) { return __builtin_isnan(value); }
int __isnanl(long double value) { return __builtin_isnan(value); }
