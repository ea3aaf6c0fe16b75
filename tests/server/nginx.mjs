// An nginx for the tests: Debian's package, unpacked but not installed, so that nothing else on the
// machine changes.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../target/nginx", import.meta.url));

const succeeds = (...command) => {
  try {
    execFileSync(command[0], command.slice(1), { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
};

/** Returns the program, or the reason why there is none. */
export function findNginx() {
  if (succeeds("nginx", "-v")) return { program: "nginx" };
  if (!succeeds("apt-get", "--version"))
    return { obstacle: "there is no nginx, and no apt-get to fetch one" };
  const program = join(FOLDER, "usr/sbin/nginx");
  if (!existsSync(program)) {
    mkdirSync(FOLDER, { recursive: true });
    if (!succeeds("sh", "-c", `cd '${FOLDER}' && apt-get download nginx`))
      return { obstacle: "apt-get has no nginx" };
    for (const name of readdirSync(FOLDER))
      if (name.endsWith(".deb")) execFileSync("dpkg", ["-x", join(FOLDER, name), FOLDER]);
  }
  if (!succeeds(program, "-v")) return { obstacle: "Debian's nginx lacks a library here" };
  return { program };
}

/** Connects to a socket, and returns whether somebody listens. */
const isListening = (path) =>
  new Promise((resolve) => {
    const socket = connect(path, () => resolve(true));
    socket.on("connect", () => socket.destroy());
    socket.on("error", () => resolve(false));
  });

/** Starts an nginx with `locations` in its only server. It listens on the socket `path`. */
export async function startNginx(program, locations) {
  const folder = mkdtempSync(join(tmpdir(), "nginx-"));
  const path = join(folder, "nginx.sock");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const configuration = `
    daemon off;
    master_process off;
    pid ${folder}/nginx.pid;
    error_log stderr;
    events {}
    http {
      access_log off;
      ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n")}
      server {
        listen unix:${path};
        ${locations}
      }
    }`;
  writeFileSync(join(folder, "nginx.conf"), configuration);
  const args = ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", "stderr"];
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (data) => {
    complaints += data;
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  while (!(await isListening(path))) {
    if (child.exitCode !== null) throw new Error(`nginx ended:\n${complaints}`);
  }
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { path, stop };
}
