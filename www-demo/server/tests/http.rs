//! Tests of the demo server over real HTTP.

use std::io::{BufRead, BufReader};
use std::num::NonZeroUsize;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use demo_server::{Config, Server, Upstream};
use emulator::Emulator;
use reqwest::{Client, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

struct Demo {
    url: String,
    client: Client,
    _dist: tempfile::TempDir,
}

impl Demo {
    async fn start(upstream: Upstream) -> Self {
        Self::with_quota(upstream, None).await
    }

    async fn with_quota(upstream: Upstream, per_minute: Option<usize>) -> Self {
        let dist = tempfile::tempdir().unwrap();
        std::fs::write(dist.path().join("index.html"), "<title>Demo</title>").unwrap();
        let config = Config {
            port: 0,
            dist: dist.path().to_owned(),
            upstream,
            listener: None,
            requests_per_minute: per_minute.and_then(NonZeroUsize::new),
        };
        let server = Server::bind(config).await.unwrap();
        let url = server.url().replace("localhost", "127.0.0.1");
        tokio::spawn(server.run());
        Demo {
            url,
            client: Client::new(),
            _dist: dist,
        }
    }

    async fn get(&self, path: &str) -> Response {
        self.client
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .unwrap()
    }

    async fn transcribe(&self, headers: &[(&str, &str)]) -> reqwest::Result<Response> {
        let mut request = self
            .client
            .post(format!("{}/api/theta/transcribe", self.url))
            .header("origin", &self.url)
            .header("content-type", "multipart/form-data; boundary=x")
            .body("--x--\r\n");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await
    }
}

async fn text(response: Response) -> (u16, String) {
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn the_page_has_security_headers() {
    let demo = Demo::start(Upstream::Emulator).await;
    let page = demo.get("/").await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("script-src 'self' 'wasm-unsafe-eval';"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe-inline"));
    assert_eq!(page.headers()["x-content-type-options"], "nosniff");
    assert_eq!(text(page).await, (200, "<title>Demo</title>".into()));
    assert_eq!(demo.get("/../Cargo.toml").await.status(), 404);
}

#[tokio::test]
async fn the_scenario_determines_the_key_and_the_pages_key_is_dropped() {
    let demo = Demo::start(Upstream::Emulator).await;
    // The form has no file, but the key is valid.
    let good = (400, r#"{"detail":"Invalid audio format"}"#.to_owned());
    assert_eq!(text(demo.transcribe(&[]).await.unwrap()).await, good);
    let forged = demo
        .transcribe(&[("x-api-key", "sk-theta-emulated-inactive-key")])
        .await;
    assert_eq!(text(forged.unwrap()).await, good);
    let chosen = demo
        .transcribe(&[("x-demo-scenario", "inactive-key")])
        .await;
    assert_eq!(chosen.unwrap().status(), 401);
    let unheard_of = demo.transcribe(&[("x-demo-scenario", "unheard-of")]).await;
    assert_eq!(unheard_of.unwrap().status(), 400);
}

#[tokio::test]
async fn pages_of_other_sites_are_forbidden() {
    let demo = Demo::start(Upstream::Emulator).await;
    for site in ["cross-site", "same-site"] {
        let refused = demo.transcribe(&[("sec-fetch-site", site)]).await.unwrap();
        assert_eq!(refused.status(), 403, "{site}");
    }
    let own = demo
        .transcribe(&[("sec-fetch-site", "same-origin")])
        .await
        .unwrap();
    assert_eq!(own.status(), 400);
}

#[tokio::test]
async fn status_retry_after_and_body_are_forwarded() {
    let demo = Demo::start(Upstream::Emulator).await;
    let response = demo
        .transcribe(&[("x-demo-scenario", "rate-limit-retry-after")])
        .await
        .unwrap();
    assert_eq!(response.headers()["retry-after"], "2");
    assert_eq!(response.status(), 429);
    let html = demo
        .transcribe(&[("x-demo-scenario", "bad-gateway-html")])
        .await
        .unwrap();
    assert_eq!(html.headers()["content-type"], "text/html");
    assert!(
        html.text()
            .await
            .unwrap()
            .contains("<h1>502 Bad Gateway</h1>")
    );
}

/// Returns the status, and `Retry-After` in seconds.
fn status_and_retry_after(response: &Response) -> (u16, Option<u32>) {
    let seconds = response.headers().get("retry-after");
    let seconds = seconds.map(|value| value.to_str().unwrap().parse().unwrap());
    (response.status().as_u16(), seconds)
}

#[tokio::test]
async fn each_request_above_the_quota_gets_a_retry_after_of_its_own() {
    // With two per minute, and all requests at about 0 s, the slots are half a minute apart.
    let demo = Demo::with_quota(Upstream::Emulator, Some(2)).await;
    for site in [&[][..], &[("sec-fetch-site", "cross-site")], &[]] {
        let passed = demo.transcribe(site).await.unwrap();
        assert_eq!(status_and_retry_after(&passed).1, None);
    }
    // Each slot is between the wait counted from before the request and that from after it.
    let start = Instant::now();
    let mut slots = Vec::new();
    for _ in 0..4 {
        let before = start.elapsed().as_secs_f64();
        let refused = demo.transcribe(&[]).await.unwrap();
        assert_eq!(refused.headers()["content-type"], "application/json");
        let wait = f64::from(status_and_retry_after(&refused).1.unwrap());
        slots.push((before + wait - 1.0, start.elapsed().as_secs_f64() + wait));
        let api = r#"{"detail":"Rate limit exceeded. Please try again later."}"#;
        assert_eq!(text(refused).await, (429, api.into()));
    }
    assert!(slots[0].0 <= 60.0, "{slots:?}");
    let is_apart = |pair: &[(f64, f64)]| pair[1].1 - pair[0].0 >= 30.0;
    assert!(slots.windows(2).all(is_apart), "{slots:?}");
    assert_eq!(demo.get("/api/demo").await.status(), 200);
}

#[tokio::test]
async fn a_temporary_error_of_the_api_gets_a_retry_after_unless_it_has_one() {
    for (scenario, expected) in [
        ("rate-limited", (429, Some(1))),
        ("rate-limit-retry-after", (429, Some(2))),
        ("bad-gateway-html", (502, Some(1))),
        ("server-error", (500, None)),
    ] {
        let demo = Demo::with_quota(Upstream::Emulator, Some(30)).await;
        let response = demo.transcribe(&[("x-demo-scenario", scenario)]).await;
        assert_eq!(
            status_and_retry_after(&response.unwrap()),
            expected,
            "{scenario}"
        );
    }
}

#[tokio::test]
async fn a_connection_that_the_emulator_drops_is_dropped_for_the_page() {
    let demo = Demo::start(Upstream::Emulator).await;
    let dropped = demo
        .transcribe(&[("x-demo-scenario", "drop-connection")])
        .await;
    assert!(dropped.unwrap_err().status().is_none());
}

#[tokio::test]
async fn the_page_can_read_the_scenarios_and_the_emulators_requests() {
    let demo = Demo::start(Upstream::Emulator).await;
    let (_, about) = text(demo.get("/api/demo").await).await;
    assert!(
        about.starts_with(r#"{"mode":"emulator","scenarios":[{"#),
        "{about}"
    );
    demo.transcribe(&[]).await.unwrap();
    let (status, requests) = text(demo.get("/emulator/requests").await).await;
    assert_eq!(status, 200);
    assert!(
        requests.contains(r#""endpoint":"/transcribe""#),
        "{requests}"
    );
}

#[tokio::test]
async fn with_a_key_the_api_is_called_with_that_key() {
    let api = Emulator::start(emulator::Config::default()).await.unwrap();
    let demo = Demo::start(Upstream::Api {
        base_url: api.url(),
        key: "sk-theta-emulated-inactive-key".into(),
    })
    .await;
    let response = demo.transcribe(&[("x-demo-scenario", "ok")]).await.unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(
        text(demo.get("/api/demo").await).await.1,
        r#"{"mode":"api","scenarios":[]}"#
    );
    assert_eq!(demo.get("/emulator/requests").await.status(), 404);
}

#[tokio::test]
async fn an_unreachable_api_is_a_502_without_secrets() {
    let demo = Demo::start(Upstream::Api {
        base_url: "http://127.0.0.1:1".into(),
        key: "sk-theta-emulated-secret".into(),
    })
    .await;
    let (status, body) = text(demo.transcribe(&[]).await.unwrap()).await;
    assert_eq!(
        (status, body.as_str()),
        (502, r#"{"detail":"the API could not be reached"}"#)
    );
}

const KEY: &str = "sk-theta-emulated-ok";

/// Starts an API for the test. Returns its base URL.
async fn upstream(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn with_key(base_url: String) -> Demo {
    let key = KEY.into();
    Demo::start(Upstream::Api { base_url, key }).await
}

#[tokio::test]
async fn the_api_gets_the_key_and_no_other_header_of_the_page() {
    let headers_seen = |headers: HeaderMap| async move {
        let mut names: Vec<_> = headers.keys().map(ToString::to_string).collect();
        names.sort();
        format!("{} {}", names.join(" "), headers["x-api-key"] == KEY)
    };
    let demo = with_key(upstream(Router::new().fallback(headers_seen)).await).await;
    let page = [
        ("x-demo-scenario", "ok"),
        ("x-api-key", "sk-theta-forged"),
        ("cookie", "session=1"),
    ];
    let (status, seen) = text(demo.transcribe(&page).await.unwrap()).await;
    assert_eq!(
        (status, seen.as_str()),
        (
            200,
            "accept content-length content-type host x-api-key true"
        )
    );
}

#[tokio::test]
async fn a_redirect_does_not_receive_the_key() {
    let elsewhere = upstream(Router::new().fallback(|| async { "followed" })).await;
    let redirect = move || async move {
        let location = [(header::LOCATION, elsewhere)];
        (StatusCode::TEMPORARY_REDIRECT, location, "not followed").into_response()
    };
    let demo = with_key(upstream(Router::new().fallback(redirect)).await).await;
    let answer = demo.transcribe(&[]).await.unwrap();
    assert_eq!(text(answer).await, (307, "not followed".into()));
}

#[tokio::test]
async fn no_response_contains_the_key() {
    let api = Emulator::start(emulator::Config::default()).await.unwrap();
    let demo = with_key(api.url()).await;
    let answers = [
        demo.transcribe(&[]).await.unwrap(),
        demo.get("/").await,
        demo.get("/api/demo").await,
        demo.get("/emulator/scenarios").await,
        demo.get("/api/theta/transcribe").await,
    ];
    for answer in answers {
        let head = format!("{:?}", answer.headers());
        assert!(!head.contains(KEY), "{head}");
        let (_, body) = text(answer).await;
        assert!(!body.contains(KEY), "{body}");
    }
    let upstream = Upstream::Api {
        base_url: api.url(),
        key: KEY.into(),
    };
    assert_eq!(format!("{upstream:?}"), format!("Api at {}", api.url()));
}

/// A process that is killed when the test ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Fails if the process has already exited.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the executable. Returns the address that it prints.
fn program(dist: &std::path::Path, variables: &[(&str, &str)]) -> (Running, String) {
    program_with(dist, &[], variables)
}

fn program_with(
    dist: &std::path::Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> (Running, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_demo-server"))
        .args(["--port", "0", "--dist"])
        .arg(dist)
        .args(arguments)
        .env_remove("THETA_ONE_API_KEY")
        .env_remove("THETA_ONE_BASE_URL")
        .env_remove("THETA_ONE_REQUESTS_PER_MINUTE")
        .envs(variables.iter().copied())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("Demo ready: ").unwrap();
    (Running(child), url.replace("localhost", "127.0.0.1"))
}

async fn status_of_transcribe(url: &str) -> reqwest::Result<u16> {
    let request = Client::new().post(format!("{url}/api/theta/transcribe"));
    let answer = request
        .header("origin", url)
        .header("content-type", "multipart/form-data; boundary=x")
        .body("--x--\r\n")
        .send();
    Ok(answer.await?.status().as_u16())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_emulator_is_reachable_despite_http_proxy() {
    let dist = tempfile::tempdir().unwrap();
    std::fs::write(dist.path().join("index.html"), "").unwrap();
    let nowhere = "http://127.0.0.1:1";
    let variables = [
        ("HTTP_PROXY", nowhere),
        ("http_proxy", nowhere),
        ("NO_PROXY", ""),
        ("no_proxy", ""),
    ];
    let (_running, url) = program(dist.path(), &variables);
    assert_eq!(status_of_transcribe(&url).await.unwrap(), 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_break_after_the_key_is_trimmed() {
    let api = Emulator::start(emulator::Config::default()).await.unwrap();
    let dist = tempfile::tempdir().unwrap();
    std::fs::write(dist.path().join("index.html"), "").unwrap();
    let key = format!("{KEY}\n");
    let base_url = api.url();
    let variables = [
        ("THETA_ONE_API_KEY", key.as_str()),
        ("THETA_ONE_BASE_URL", base_url.as_str()),
    ];
    let (_running, url) = program(dist.path(), &variables);
    assert_eq!(status_of_transcribe(&url).await.unwrap(), 400);
}

/// Sends a request with exactly these lines. Returns the status, the headers and the body.
async fn raw(url: &str, line: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let mut request = format!("{line} HTTP/1.1\r\nConnection: close\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    if line.starts_with("POST") {
        request +=
            "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 7\r\n\r\n--x--\r\n";
    } else {
        request += "\r\n";
    }
    let mut stream = TcpStream::connect(url.trim_start_matches("http://"))
        .await
        .unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer)
}

const ROUTES: [&str; 9] = [
    "GET /",
    "GET /missing.js",
    "GET /api/demo",
    "POST /api/theta/transcribe",
    "POST /api/theta/pronunciation",
    "GET /emulator/scenarios",
    "GET /emulator/requests",
    "GET /emulator/requests/1/audio",
    "DELETE /emulator/requests",
];

/// Starts a demo whose emulator has recorded one request. An attack must not read it, remove it or
/// add another.
async fn with_a_recording() -> (Demo, String) {
    let demo = Demo::start(Upstream::Emulator).await;
    demo.transcribe(&[]).await.unwrap();
    let ledger = text(demo.get("/emulator/requests").await).await.1;
    assert!(ledger.contains(r#""id":1,"#), "{ledger}");
    (demo, ledger)
}

#[tokio::test]
async fn another_host_is_forbidden_on_every_route() {
    let (demo, ledger) = with_a_recording().await;
    let authority = demo.url.trim_start_matches("http://").to_owned();
    let port = authority.rsplit_once(':').unwrap().1.to_owned();
    let hosts = [
        "attacker.test".to_owned(),
        format!("attacker.test:{port}"),
        format!("localhost.attacker.test:{port}"),
        format!("127.0.0.1.attacker.test:{port}"),
        format!("attacker.test:80@localhost:{port}"),
        format!("0.0.0.0:{port}"),
        format!("192.168.0.1:{port}"),
        format!("[::2]:{port}"),
        "localhost:1".to_owned(),
        "localhost".to_owned(),
        format!("localhost:+{port}"),
        format!("localhost:{port}:{port}"),
        String::new(),
    ];
    for route in ROUTES {
        for host in &hosts {
            let own = format!("http://{host}");
            // To the browser, a page after DNS rebinding has the same origin.
            for proof in [
                &[][..],
                &[("Origin", own.as_str())],
                &[("Sec-Fetch-Site", "same-origin"), ("Origin", own.as_str())],
                &[("Sec-Fetch-Site", "none")],
            ] {
                let headers = [&[("Host", host.as_str())], proof].concat();
                let (status, answer) = raw(&demo.url, route, &headers).await;
                assert_eq!(status, 403, "{route} {headers:?}: {answer}");
            }
        }
        let good = ("Host", authority.as_str());
        let same = ("Sec-Fetch-Site", "same-origin");
        for headers in [
            &[same][..],
            &[good, ("Host", "attacker.test"), same],
            &[("Host", "attacker.test"), good, same],
        ] {
            let (status, answer) = raw(&demo.url, route, headers).await;
            assert!(matches!(status, 400 | 403), "{route} {headers:?}: {answer}");
        }
        let absolute = route.replacen('/', "http://attacker.test/", 1);
        let (status, answer) = raw(&demo.url, &absolute, &[good, same]).await;
        assert!(matches!(status, 400 | 403), "{absolute}: {answer}");
    }
    assert_eq!(text(demo.get("/emulator/requests").await).await.1, ledger);
}

#[tokio::test]
async fn another_origin_is_forbidden_whatever_its_headers_are() {
    let (demo, ledger) = with_a_recording().await;
    let authority = demo.url.trim_start_matches("http://").to_owned();
    let port = authority.rsplit_once(':').unwrap().1.to_owned();
    let origins = [
        "https://attacker.test".to_owned(),
        "http://127.0.0.1:1".to_owned(),
        "http://127.0.0.1".to_owned(),
        format!("https://{authority}"),
        format!("http://localhost:{port}"),
        format!("http://{authority}.attacker.test"),
        format!("http://{authority}/"),
        authority.clone(),
        "null".to_owned(),
        String::new(),
    ];
    let sites = ["", "cross-site", "same-site", "same-origin", "none", "what"];
    for route in ROUTES {
        for origin in &origins {
            for site in sites {
                let mut headers = vec![("Host", authority.as_str()), ("Origin", origin)];
                if !site.is_empty() {
                    headers.push(("Sec-Fetch-Site", site));
                }
                let (status, answer) = raw(&demo.url, route, &headers).await;
                assert_eq!(status, 403, "{route} {headers:?}: {answer}");
                assert!(
                    !answer.to_lowercase().contains("access-control"),
                    "{answer}"
                );
            }
        }
        // Images, scripts, frames and GET forms send no origin.
        for site in ["cross-site", "same-site", "what"] {
            for (mode, dest) in [
                ("no-cors", "image"),
                ("no-cors", "audio"),
                ("no-cors", "script"),
                ("navigate", "iframe"),
                ("cors", "empty"),
            ] {
                let headers = [
                    ("Host", authority.as_str()),
                    ("Sec-Fetch-Site", site),
                    ("Sec-Fetch-Mode", mode),
                    ("Sec-Fetch-Dest", dest),
                ];
                let (status, answer) = raw(&demo.url, route, &headers).await;
                assert_eq!(status, 403, "{route} {headers:?}: {answer}");
            }
        }
    }
    assert_eq!(text(demo.get("/emulator/requests").await).await.1, ledger);
}

#[tokio::test]
async fn the_own_page_and_the_user_get_what_they_may() {
    let (demo, _) = with_a_recording().await;
    let authority = demo.url.trim_start_matches("http://").to_owned();
    let port = authority.rsplit_once(':').unwrap().1.to_owned();
    let link = [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Mode", "navigate"),
        ("Sec-Fetch-Dest", "document"),
    ];
    for host in [
        authority.clone(),
        format!("localhost:{port}"),
        format!("LocalHost:{port}"),
        format!("[::1]:{port}"),
    ] {
        let own = format!("http://{host}");
        let own_origin = ("Origin", own.as_str());
        let same = ("Sec-Fetch-Site", "same-origin");
        for route in ROUTES {
            let is_call = route.starts_with("POST");
            let is_view = route.contains("/emulator");
            for (headers, is_allowed) in [
                (&[same][..], true),
                (&[own_origin], true),
                (&[same, own_origin], true),
                // Old browsers and programs send none of the headers.
                (&[], !is_call),
                (&[("Sec-Fetch-Site", "none")], !is_call && !is_view),
                (&link[..], !is_call && !is_view),
            ] {
                let headers = [&[("Host", host.as_str())], headers].concat();
                let (status, answer) = raw(&demo.url, route, &headers).await;
                assert_eq!(status != 403, is_allowed, "{route} {headers:?}: {answer}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_can_be_allowed_by_name_and_its_proxy_may_add_tls() {
    let dist = tempfile::tempdir().unwrap();
    std::fs::write(dist.path().join("index.html"), "").unwrap();
    let (_running, url) = program_with(dist.path(), &["--allow-host", "demo.example.com"], &[]);
    let named = ("Host", "demo.example.com");
    for origin in ["http://demo.example.com", "https://demo.example.com"] {
        let headers = [named, ("Origin", origin)];
        let (status, _) = raw(&url, "POST /api/theta/transcribe", &headers).await;
        assert_eq!(status, 400, "{origin}");
    }
    for headers in [
        [named, ("Origin", "https://demo.example.com:8443")],
        [("Host", "example.com"), ("Origin", "https://example.com")],
    ] {
        let (status, _) = raw(&url, "POST /api/theta/transcribe", &headers).await;
        assert_eq!(status, 403, "{headers:?}");
    }
}
