// Runs a program of WASI 0.1 as `wasmtime run --dir . -S inherit-env` does: with these
// arguments, this environment, this folder and no other, and its exit code.
import { readFileSync } from "node:fs";
import { WASI } from "node:wasi";

const args = process.argv.slice(2);
const wasi = new WASI({
    version: "preview1",
    args,
    env: process.env,
    preopens: { ".": "." },
    returnOnExit: true,
});
const module = await WebAssembly.compile(readFileSync(args[0]));
const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
process.exitCode = wasi.start(instance);
