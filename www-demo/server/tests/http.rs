//! The proxy over real HTTP.

use demo_server::{Config, Server, Upstream};
use emulator::Emulator;
use reqwest::{Client, Response};

struct Demo {
    url: String,
    client: Client,
    _dist: tempfile::TempDir,
}

impl Demo {
    async fn start(upstream: Upstream) -> Self {
        let dist = tempfile::tempdir().unwrap();
        std::fs::write(dist.path().join("index.html"), "<title>Demo</title>").unwrap();
        let config = Config {
            port: 0,
            dist: dist.path().to_owned(),
            upstream,
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
async fn the_page_comes_with_careful_headers() {
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
async fn the_scenario_chooses_the_key_and_a_key_of_the_pages_is_dropped() {
    let demo = Demo::start(Upstream::Emulator).await;
    // No file in the form: the key was good.
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
async fn status_retry_after_and_body_come_through() {
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

#[tokio::test]
async fn a_dropped_connection_is_dropped_here_too() {
    let demo = Demo::start(Upstream::Emulator).await;
    let dropped = demo
        .transcribe(&[("x-demo-scenario", "drop-connection")])
        .await;
    assert!(dropped.unwrap_err().status().is_none());
}

#[tokio::test]
async fn the_page_is_told_the_scenarios_and_can_look_into_the_emulator() {
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
async fn an_api_that_cannot_be_reached_is_a_502_without_secrets() {
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
