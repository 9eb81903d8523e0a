import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Serves the Git repositories of a folder over HTTP on the loopback: `node git-server.ts FOLDER PORT`. */

/** The variables by which git's own program learns of a request (RFC 3875). */
function variablesOf({ method = 'GET', url = '/', headers }: IncomingMessage, folder: string): NodeJS.ProcessEnv {
  const { pathname, search } = new URL(url, 'http://localhost');
  return {
    PATH: process.env['PATH'],
    GIT_PROJECT_ROOT: folder,
    GIT_HTTP_EXPORT_ALL: '1',
    // Whoever reaches the loopback may push.
    REMOTE_USER: 'user',
    PATH_INFO: decodeURIComponent(pathname),
    QUERY_STRING: search.slice(1),
    REQUEST_METHOD: method,
    CONTENT_TYPE: headers['content-type'] ?? '',
    HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
    GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
  };
}

const HEADER_END = Buffer.from('\r\n\r\n');

/** Sends what the program answers: headers, of which one may be a status, an empty line, and a body. */
function relay(output: Buffer, response: ServerResponse): void {
  const end = output.indexOf(HEADER_END);
  const lines = output.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n');
  const headers = lines.map((line) => line.split(/: (.*)/s) as [string, string]).filter(([name]) => name !== '');
  const status = headers.find(([name]) => name.toLowerCase() === 'status')?.[1] ?? '200';
  response.writeHead(end < 0 ? 500 : Number.parseInt(status, 10), Object.fromEntries(headers));
  response.end(output.subarray(end + HEADER_END.length));
}

const [folder = '.', port = '8085'] = process.argv.slice(2);

createServer((request, response) => {
  const child = spawn('git', ['http-backend'], {
    env: variablesOf(request, folder),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.on('close', () => {
    relay(Buffer.concat(parts), response);
  });
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
}).listen(Number(port), '127.0.0.1');
