// Vite's own servers have no API: they borrow that of `cargo xtask demo`.
const target = process.env.DEMO_URL ?? "http://localhost:8080";
const proxy = { "/api": target, "/emulator": target };

export default { server: { proxy }, preview: { proxy } };
