// Loads the built module and calls all of it: node smoke.cjs path/to/x.node
const assert = require('node:assert');
const http = require('node:http');
const path = require('node:path');

const native = require(path.resolve(process.argv[2]));
const served = [{ id: 1, name: 'one', score: 0.5 }];

assert.match(native.version(), /^1\.0\.0 \(.+\) built .+ \[.+\]$/);
assert.deepStrictEqual(Object.keys(native.counters()).sort(), ['http_requests', 'rows_stored', 'steps_run']);
assert.deepStrictEqual(
  native.describeSpec('{name: s, steps: [{name: a, sources: [{backend: inline, rows: []}]}]}'),
  { name: 's', steps: [{ name: 'a', sources: 1 }] },
);
assert.throws(() => native.describeSpec('{name: s, steps: []}'), /the spec has no steps/);

const server = http.createServer((_request, response) => response.end(JSON.stringify(served)));
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  assert.deepStrictEqual(await native.fetchRows(`http://127.0.0.1:${port}/`), served);
  await assert.rejects(native.fetchRows('http://127.0.0.1:1/'), /cannot fetch rows/);
  server.close();
  console.log('native ok: functions=4 rows=1');
});
