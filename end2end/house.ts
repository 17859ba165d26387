// A real server with data of its own, behind a line that can be cut.

import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import { Wire } from "./wire";

export const OWNER = { email: "owner@example.com", password: "a long enough password" };

const ROOT = resolve(import.meta.dirname, "..");
const SERVER = process.env.SERVER ?? join(ROOT, "target/release/server");
const SITE = process.env.SITE ?? join(ROOT, "target/site");
const START_MS = 30_000;

/** What of the outer environment a server needs; no key of anybody's, so that the built-in assistant answers. */
const PASSED_ON = ["PATH", "HOME", "LANG", "INTERVIEWLM_TOOLS_DIR", "LEPTOS_HASH_FILES", "INTERVIEWLM_SANDBOX", "DOCKER_HOST"];

export class House {
  readonly #wire: Wire;
  readonly #port: number;
  readonly #data: string;
  #server: ChildProcess | undefined;
  #said = "";

  private constructor(wire: Wire, port: number, data: string) {
    this.#wire = wire;
    this.#port = port;
    this.#data = data;
  }

  static async open(): Promise<House> {
    const port = await freePort();
    const data = await mkdtemp(join(tmpdir(), "interviewlm-stories-"));
    const house = new House(await Wire.to(port), port, data);
    await house.start();
    return house;
  }

  /** Where browsers reach it: through the line. */
  get url(): string {
    return `http://127.0.0.1:${this.#wire.port}`;
  }

  /** What the server has said so far. */
  get said(): string {
    return this.#said;
  }

  get wire(): Wire {
    return this.#wire;
  }

  async start(): Promise<void> {
    const server = spawn(SERVER, [], {
      cwd: this.#data,
      env: {
        ...Object.fromEntries(PASSED_ON.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
        LEPTOS_SITE_ADDR: `127.0.0.1:${this.#port}`,
        LEPTOS_SITE_ROOT: SITE,
        INTERVIEWLM_PUBLIC_URL: this.url,
        INTERVIEWLM_DATA_DIR: join(this.#data, "data"),
        INTERVIEWLM_PROBLEMS_DIR: join(ROOT, "problems"),
        INTERVIEWLM_OWNER_EMAIL: OWNER.email,
        INTERVIEWLM_OWNER_PASSWORD: OWNER.password,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#server = server;
    const from = this.#said.length;
    await new Promise<void>((done, fail) => {
      const refuse = (why: string) => fail(new Error(`${SERVER} ${why}:\n${this.#said.slice(from)}`));
      const tooLate = setTimeout(() => refuse("did not start in time"), START_MS);
      const hear = (text: Buffer) => {
        this.#said += text.toString();
        if (this.#said.includes("is running at", from)) {
          clearTimeout(tooLate);
          done();
        }
      };
      server.stdout.on("data", hear);
      server.stderr.on("data", hear);
      server.once("error", (error) => refuse(`cannot be run (${error.message})`));
      server.once("exit", (code) => refuse(`ended with ${code}`));
    });
  }

  /** Lets every invitation expire: nobody can wait for the days that takes. */
  async letInvitationsExpire(): Promise<void> {
    const script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute('update invitations set expires_at = 1'); db.commit()";
    await promisify(execFile)("/usr/bin/python3", ["-c", script, join(this.#data, "data/interviewlm.db")]);
  }

  /** Ends the server in the middle of whatever it does. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async close(): Promise<void> {
    this.#wire.close();
    await this.#end("SIGTERM");
    await rm(this.#data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const server = this.#server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    server.kill(signal);
    const insist = setTimeout(() => server.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(insist);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
