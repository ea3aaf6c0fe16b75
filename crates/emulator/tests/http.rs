//! Tests of the emulator over real HTTP.

use std::io::{Read, Write};
use std::net::TcpStream;

use emulator::scenario::{SCENARIOS, Scenario};
use emulator::{Config, Emulator};
use serde_json::{Value, json};
use thetaone_web::core::audio::wav::header;
use thetaone_web::core::catalogue::ERRORS;

const BOUNDARY: &str = "----emulator-test";

/// `(name, file name, bytes)`; text fields have no file name.
type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

fn multipart(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file
            .map(|file| format!("; filename=\"{file}\""))
            .unwrap_or_default();
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

/// Bursts of a tone with silence between, as speech goes.
fn speech(seconds: usize) -> Vec<u8> {
    file((0..seconds * 16_000).map(|n| match n % 16_000 < 12_000 {
        true => (10_000.0 * (n as f32 / 5.0).sin()) as i16,
        false => 0,
    }))
}

fn silence() -> Vec<u8> {
    file(std::iter::repeat_n(0, 16_000))
}

fn file(samples: impl Iterator<Item = i16>) -> Vec<u8> {
    let data: Vec<u8> = samples.flat_map(i16::to_le_bytes).collect();
    let header = header(16_000, 1, data.len() as u64);
    [&header[..], &data].concat()
}

struct Client {
    emulator: Emulator,
    agent: ureq::Agent,
}

impl Client {
    async fn start(config: Config) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build();
        Client {
            emulator: Emulator::start(config).await.unwrap(),
            agent: agent.into(),
        }
    }

    /// Sends a blocking request, outside the runtime's threads.
    fn get(&self, path: &str) -> (u16, Vec<u8>) {
        let request = self.agent.get(format!("{}{path}", self.emulator.url()));
        tokio::task::block_in_place(|| {
            let mut response = request.call().unwrap();
            (
                response.status().as_u16(),
                response.body_mut().read_to_vec().unwrap(),
            )
        })
    }

    fn json(&self, path: &str) -> Value {
        serde_json::from_slice(&self.get(path).1).unwrap()
    }

    fn post(&self, path: &str, key: Option<&str>, body: &[u8]) -> (u16, Vec<u8>, Option<String>) {
        let mut request = self
            .agent
            .post(format!("{}{path}", self.emulator.url()))
            .header(
                "content-type",
                format!("multipart/form-data; boundary={BOUNDARY}"),
            );
        if let Some(key) = key {
            request = request.header("x-api-key", key);
        }
        tokio::task::block_in_place(|| {
            let mut response = request.send(body).unwrap();
            let retry_after = response
                .headers()
                .get("retry-after")
                .map(|value| value.to_str().unwrap().to_owned());
            (
                response.status().as_u16(),
                response.body_mut().read_to_vec().unwrap(),
                retry_after,
            )
        })
    }

    fn send(&self, scenario: &str, path: &str, parts: &[Part<'_>]) -> (u16, Value) {
        let key = format!("sk-theta-emulated-{scenario}");
        let (status, body, _) = self.post(path, Some(&key), &multipart(parts));
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    fn error(&self, path: &str, parts: &[Part<'_>]) -> (u16, String) {
        let (status, body) = self.send("ok", path, parts);
        (
            status,
            body["detail"].as_str().unwrap_or_default().to_owned(),
        )
    }
}

macro_rules! test {
    ($name:ident, $client:ident, $body:block) => {
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            let $client = Client::start(Config::default()).await;
            $body
        }
    };
}

test!(
    results_depend_on_the_audio_and_are_marked_as_emulated,
    client,
    {
        let audio = speech(2);
        let (status, body) =
            client.send("ok", "/transcribe", &[("file", Some("audio.wav"), &audio)]);
        assert_eq!(status, 200);
        assert_eq!(body["metadata"]["emulated"], true);
        assert_eq!(body["metadata"]["duration_seconds"], 2.0);
        assert_eq!(
            body["metadata"]["speech_segments"]
                .as_array()
                .unwrap()
                .len(),
            2
        );
        let (_, silent) = client.send(
            "ok",
            "/transcribe",
            &[("file", Some("audio.wav"), &silence())],
        );
        assert_eq!(silent["text"], "");
    }
);

test!(a_reference_can_be_created_and_compared_with, client, {
    let audio = speech(2);
    let options = br#"{"gold_text":"check out this castle"}"#;
    let parts: &[Part<'_>] = &[
        ("file", Some("audio.wav"), &audio),
        ("options", None, options),
    ];
    let (status, native) = client.send("ok", "/analyze-native", parts);
    assert_eq!(status, 200, "{native}");
    let components = &native["speech_components"];
    let kinds: Vec<&str> = components
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "word").count(), 4);
    let reference = components.to_string();
    let mut with_reference = parts.to_vec();
    with_reference.push(("native_speech_components_json", None, reference.as_bytes()));
    let (status, body) = client.send("ok", "/pronunciation", &with_reference);
    assert_eq!(status, 200, "{body}");
    assert!((50.0..=70.0).contains(&body["pronunciation"]["score"].as_f64().unwrap()));
    assert_eq!(body["speed"]["score"], 100.0);
    let (_, simple) = client.send("ok", "/pronunciation-simple", parts);
    assert_eq!(
        (&simple["stress"], &simple["pause"], &simple["speed"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
});

test!(every_documented_error_has_the_documented_body, client, {
    let audio = speech(1);
    let good = br#"{"gold_text":"hi"}"#;
    let file: Part<'_> = ("file", Some("audio.wav"), &audio);
    let mut seen: Vec<(u16, String)> = vec![
        client.error("/analyze-native", &[file, ("options", None, b"{")]),
        client.error("/analyze-native", &[file]),
        client.error(
            "/pronunciation",
            &[
                file,
                ("options", None, good),
                ("native_speech_components_json", None, b"["),
            ],
        ),
        client.error(
            "/pronunciation",
            &[
                file,
                ("options", None, good),
                (
                    "native_speech_components_json",
                    None,
                    b"[{\"type\":\"noise\"}]",
                ),
            ],
        ),
        client.error(
            "/analyze-native",
            &[
                ("file", Some("audio.wav"), &silence()),
                ("options", None, good),
            ],
        ),
        client.error("/transcribe", &[]),
    ];
    for id in [
        "invalid-options-schema",
        "unknown-key",
        "inactive-key",
        "no-credits",
        "rate-limited",
        "server-error",
    ] {
        let (status, body) = client.send(id, "/transcribe", &[file]);
        seen.push((status, body["detail"].as_str().unwrap().to_owned()));
    }
    let (status, body) = client.send(
        "free-plan",
        "/pronunciation-simple",
        &[file, ("options", None, good)],
    );
    seen.push((status, body["detail"].as_str().unwrap().to_owned()));
    for row in ERRORS {
        if let (Some(status), Some(example)) = (row.status, row.example) {
            assert!(
                seen.contains(&(status, example.to_owned())),
                "{status} {example}"
            );
        }
    }
});

test!(an_incomplete_wav_or_mp3_is_invalid, client, {
    let audio = speech(1);
    for (name, bytes) in [
        ("audio.wav", &b""[..]),
        ("audio.wav", b"only text"),
        ("audio.wav", &audio[..audio.len() / 2]),
        ("audio.mp3", &audio),
        ("audio.webm", &audio),
        ("audio.mp3", b"ID3 and then nothing"),
    ] {
        let refused = client.error("/transcribe", &[("file", Some(name), bytes)]);
        assert_eq!(refused, (400, "Invalid audio format".into()), "{name}");
    }
});

test!(options_are_checked_against_the_schema, client, {
    let audio = speech(1);
    for (path, options) in [
        ("/transcribe", r#"{"suppress_korean":"yes"}"#),
        ("/transcribe", r#"{"language":"en"}"#),
        (
            "/pronunciation-simple",
            r#"{"gold_text":"hi","language":"fr"}"#,
        ),
        ("/analyze-native", r#"{"gold_text":["hi"]}"#),
        ("/analyze-native", "[]"),
    ] {
        let field = if path == "/transcribe" {
            "transcribe_options"
        } else {
            "options"
        };
        let (status, detail) = client.error(
            path,
            &[
                ("file", Some("audio.wav"), &audio),
                (field, None, options.as_bytes()),
            ],
        );
        assert_eq!(status, 400);
        assert!(detail.starts_with("Invalid options: "), "{detail}");
    }
});

test!(a_request_without_a_valid_key_is_401, client, {
    for key in [None, Some("Bearer x"), Some("sk-theta-unheard-of")] {
        let (status, body, _) = client.post("/transcribe", key, &multipart(&[]));
        assert_eq!(
            (status, body),
            (401, br#"{"detail":"Invalid API key"}"#.to_vec()),
            "{key:?}"
        );
    }
});

test!(credits_decrease_with_the_length_of_the_audio, client, {
    let audio = speech(4);
    let parts: &[Part<'_>] = &[("file", Some("audio.wav"), &audio)];
    let statuses: Vec<u16> = (0..4)
        .map(|_| client.send("credits-run-out", "/transcribe", parts).0)
        .collect();
    // 4 s cost 0.0016 of the 0.004 credits.
    assert_eq!(statuses, [200, 200, 402, 402]);
});

test!(requests_per_minute_are_limited, client, {
    let statuses: Vec<u16> = (0..31)
        .map(|_| client.send("free-plan", "/transcribe", &[]).0)
        .collect();
    assert_eq!(statuses[..30], [400; 30]);
    assert_eq!(statuses[30], 429);
});

test!(scripts_repeat_and_can_be_reset, client, {
    let audio = speech(1);
    let parts: &[Part<'_>] = &[("file", Some("audio.wav"), &audio)];
    let statuses: Vec<u16> = (0..6)
        .map(|_| client.send("rate-limit-twice", "/transcribe", parts).0)
        .collect();
    assert_eq!(statuses, [429, 429, 200, 429, 429, 200]);
    let key = "sk-theta-emulated-rate-limit-retry-after";
    let (status, _, retry_after) = client.post("/transcribe", Some(key), &multipart(parts));
    assert_eq!((status, retry_after.as_deref()), (429, Some("2")));
    let reset = client
        .agent
        .delete(format!("{}/requests", client.emulator.url()));
    tokio::task::block_in_place(|| reset.call().unwrap());
    assert_eq!(client.json("/requests"), json!([]));
    let (status, _, _) = client.post("/transcribe", Some(key), &multipart(parts));
    assert_eq!(status, 429);
});

test!(requests_are_recorded, client, {
    let audio = speech(1);
    let options = br#"{"suppress_korean":true}"#;
    client.send(
        "ok",
        "/transcribe",
        &[
            ("file", Some("audio.wav"), &audio),
            ("transcribe_options", None, options),
        ],
    );
    let requests = client.json("/requests");
    let seen = requests.as_array().unwrap().last().unwrap();
    assert_eq!(seen["fields"], json!(["file", "transcribe_options"]));
    assert_eq!(seen["options"], r#"{"suppress_korean":true}"#);
    assert_eq!(seen["status"], 200);
    let file = &seen["file"];
    for (name, expected) in [
        ("format", json!("wav")),
        ("sampleRate", json!(16000)),
        ("channels", json!(1)),
        ("bitsPerSample", json!(16)),
        ("durationSeconds", json!(1.0)),
        ("bytes", json!(audio.len())),
    ] {
        assert_eq!(file[name], expected, "{name}");
    }
    let (_, bytes) = client.get(&format!("/requests/{}/audio", seen["id"]));
    assert_eq!(bytes, audio);
});

test!(
    the_first_response_of_every_script_matches_its_scenario,
    client,
    {
        let audio = speech(1);
        for scenario in SCENARIOS.iter().filter(|one| one.endpoint.is_none()) {
            let Some(expected) = scenario.expect.status else {
                continue;
            };
            let (status, _) = client.send(
                scenario.id,
                "/transcribe",
                &[("file", Some("audio.wav"), &audio)],
            );
            assert_eq!(status, expected, "{}", scenario.id);
        }
    }
);

test!(a_real_mp3_is_decoded, client, {
    let audio = include_bytes!("tone.mp3");
    let (status, body) = client.send("ok", "/transcribe", &[("file", Some("tone.mp3"), audio)]);
    assert_eq!(status, 200, "{body}");
    let file = &client.json("/requests")[0]["file"];
    assert_eq!(
        (&file["format"], &file["sampleRate"]),
        (&json!("mp3"), &json!(16000))
    );
    // The encoder pads the audio to whole frames.
    let seconds = file["durationSeconds"].as_f64().unwrap();
    assert!((1.0..1.2).contains(&seconds), "{seconds}");
    let mislabelled = client.error("/transcribe", &[("file", Some("tone.wav"), audio)]);
    assert_eq!(mislabelled, (400, "Invalid audio format".into()));
});

test!(
    a_header_that_the_decoder_panics_on_is_invalid_audio,
    client,
    {
        let mut audio = speech(1);
        audio[24..28].fill(0);
        let refused = client.error("/transcribe", &[("file", Some("audio.wav"), &audio)]);
        assert_eq!(refused, (400, "Invalid audio format".into()));
    }
);

test!(an_incomplete_form_is_an_error, client, {
    let audio = speech(1);
    let whole = multipart(&[("file", Some("audio.wav"), &audio)]);
    let no_part_name = format!("--{BOUNDARY}\r\n\r\nx\r\n--{BOUNDARY}");
    for body in [
        &b""[..],
        b"{}",
        &whole[..whole.len() - 8],
        no_part_name.as_bytes(),
    ] {
        let (status, answer, _) = client.post("/transcribe", Some("sk-theta-emulated-ok"), body);
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(
            (status, &answer["detail"]),
            (400, &json!("There was an error parsing the body"))
        );
    }
});

test!(rejected_requests_are_recorded_too, client, {
    let audio = speech(1);
    for scenario in ["rate-limited", "inactive-key", "unheard-of"] {
        client.send(
            scenario,
            "/transcribe",
            &[("file", Some("audio.wav"), &audio)],
        );
        let requests = client.json("/requests");
        let seen = requests.as_array().unwrap().last().unwrap();
        assert_eq!(seen["file"]["durationSeconds"], 1.0, "{scenario}");
        assert_eq!(seen["fields"], json!(["file"]), "{scenario}");
    }
});

/// Node's `fetch` writes the whole body before it reads.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_writes_before_it_reads_gets_its_413() {
    let config = Config {
        max_upload_bytes: 1000,
        ..Config::default()
    };
    let client = Client::start(config).await;
    let body = vec![0; 32 << 20];
    let answer = tokio::task::block_in_place(|| {
        let address = client.emulator.url().replace("http://", "");
        let mut stream = TcpStream::connect(&address).unwrap();
        let head = format!(
            "POST /transcribe HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

/// Uses a socket, because HTTP clients retry by themselves.
#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_connection_gets_no_bytes() {
    let client = Client::start(Config::default()).await;
    let body = multipart(&[]);
    let answer = tokio::task::block_in_place(|| {
        let address = client.emulator.url().replace("http://", "");
        let mut stream = TcpStream::connect(&address).unwrap();
        let head = format!(
            "POST /transcribe HTTP/1.1\r\nHost: {address}\r\nx-api-key: sk-theta-emulated-drop-connection\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body).unwrap();
        let mut answer = Vec::new();
        // A reset counts as an end.
        let _ = stream.read_to_end(&mut answer);
        answer
    });
    assert_eq!(answer, b"");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_past_the_limit_is_413() {
    let config = Config {
        max_upload_bytes: 1000,
        ..Config::default()
    };
    let client = Client::start(config).await;
    let audio = vec![0; 2000];
    let (status, _) = client.send("ok", "/transcribe", &[("file", Some("audio.wav"), &audio)]);
    assert_eq!(status, 413);
}

test!(scenarios_are_listed_with_their_keys, client, {
    let listed = client.json("/scenarios");
    let keys: Vec<&str> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["key"].as_str().unwrap())
        .collect();
    let expected: Vec<String> = SCENARIOS.iter().map(Scenario::key).collect();
    assert_eq!(keys, expected);
});

/// Compares the documented result of each scenario with the error class that the catalogue has for
/// its response.
#[test]
fn expected_results_match_the_catalogue() {
    for scenario in SCENARIOS {
        let expect = scenario.expect;
        let Some(class) = expect.class else { continue };
        let row = ERRORS.iter().find(|row| {
            row.class.name() == class
                && Some(row.code) == expect.code
                && row.reason == expect.reason
        });
        let row = row.unwrap_or_else(|| panic!("{}", scenario.id));
        assert_eq!(expect.attempts == 3, row.retryable, "{}", scenario.id);
    }
}

#[test]
fn the_readme_shows_the_scenarios() {
    let readme = include_str!("../README.md");
    for scenario in SCENARIOS {
        let expect = scenario.expect;
        let ends = match (expect.class, expect.reason) {
            (None, _) => "a result".to_owned(),
            (Some(class), None) => format!("`{class}`"),
            (Some(class), Some(reason)) => format!("`{class}`, `{reason}`"),
        };
        let row = format!(
            "| `{}` | {} | {ends} | {} |",
            scenario.id, scenario.title, expect.attempts
        );
        assert!(readme.contains(&row), "emulator/README.md lacks: {row}");
    }
    assert_eq!(
        readme
            .lines()
            .filter(|line| line.starts_with("| `"))
            .count(),
        SCENARIOS.len()
    );
}

/// Sends a request with these headers and an empty body. Returns the status line and the headers in
/// lower case.
fn raw(client: &Client, line: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let mut request = format!("{line} HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += "\r\n";
    let answer = tokio::task::block_in_place(|| {
        let address = client.emulator.url().replace("http://", "");
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).to_lowercase()
    });
    let head = answer.split("\r\n\r\n").next().unwrap().to_owned();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), head)
}

const VIEWS: [&str; 5] = [
    "GET /requests",
    "GET /requests/1/audio",
    "DELETE /requests",
    "GET /scenarios",
    "GET /missing",
];
const API: [&str; 4] = [
    "POST /transcribe",
    "POST /analyze-native",
    "POST /pronunciation",
    "POST /pronunciation-simple",
];

/// Reads the recorded requests without headers, as a program does.
fn recorded_requests(client: &Client) -> Value {
    client.json("/requests")
}

test!(
    other_hosts_and_pages_can_neither_read_nor_change_anything,
    client,
    {
        let audio = speech(1);
        client.send("ok", "/transcribe", &[("file", Some("audio.wav"), &audio)]);
        let before = recorded_requests(&client);
        let own = client.emulator.url();
        let own_host = own.trim_start_matches("http://");
        for route in VIEWS.iter().chain(&API) {
            let preflight = route.split(' ').nth(1).unwrap();
            let preflight = format!("OPTIONS {preflight}");
            for line in [*route, preflight.as_str()] {
                for host in [
                    "attacker.test",
                    "attacker.test:8081",
                    "localhost.attacker.test",
                    "10.0.0.1",
                    "",
                ] {
                    let origin = format!("http://{host}");
                    for headers in [
                        &[("Host", host)][..],
                        &[("Host", host), ("Origin", &origin)],
                        &[("Host", host), ("Sec-Fetch-Site", "same-origin")],
                        &[("Host", host), ("Host", own_host)],
                        &[("Host", host), ("Origin", &own)],
                    ] {
                        let (status, head) = raw(&client, line, headers);
                        assert!(matches!(status, 400 | 403), "{line} {headers:?}: {head}");
                        assert!(!head.contains("access-control"), "{line}: {head}");
                    }
                }
                for origin in [
                    "http://attacker.test",
                    "https://localhost.attacker.test",
                    "http://localhost@attacker.test",
                    "http://127.0.0.1.nip.io:80",
                    "file://",
                    "chrome-extension://localhost",
                    "null",
                    "",
                ] {
                    for site in ["cross-site", "same-site", "same-origin", "none"] {
                        let headers = [
                            ("Host", own_host),
                            ("Origin", origin),
                            ("Sec-Fetch-Site", site),
                        ];
                        for headers in [&headers[..], &headers[..2]] {
                            let (status, head) = raw(&client, line, headers);
                            assert_eq!(status, 403, "{line} {headers:?}: {head}");
                            assert!(!head.contains("access-control"), "{line}: {head}");
                        }
                    }
                }
                for site in ["cross-site", "same-site", "what"] {
                    let headers = [("Host", own_host), ("Sec-Fetch-Site", site)];
                    assert_eq!(raw(&client, line, &headers).0, 403, "{line} {site}");
                }
            }
        }
        assert_eq!(recorded_requests(&client), before);
    }
);

test!(
    pages_of_other_ports_may_call_but_not_read_recorded_requests,
    client,
    {
        let own = client.emulator.url();
        let own_host = own.trim_start_matches("http://");
        for origin in [
            "http://localhost:5173",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
            "https://localhost",
        ] {
            let headers = [
                ("Host", own_host),
                ("Origin", origin),
                ("Sec-Fetch-Site", "cross-site"),
            ];
            for line in API.iter().chain(&["OPTIONS /transcribe"]) {
                let (status, head) = raw(&client, line, &headers);
                assert_ne!(status, 403, "{line} {origin}: {head}");
                let allowed = format!("access-control-allow-origin: {origin}");
                assert!(head.contains(&allowed), "{line} {origin}: {head}");
                assert!(head.contains("vary: origin"), "{head}");
            }
            for line in VIEWS.iter().chain(&["OPTIONS /requests"]) {
                let (status, head) = raw(&client, line, &headers);
                assert_eq!(status, 403, "{line} {origin}: {head}");
                assert!(!head.contains("access-control"), "{line} {origin}: {head}");
            }
        }
        // Pages of the emulator, a local proxy that forwards `Host`, and the user.
        for (headers, view) in [
            (&[("Host", own_host), ("Origin", &own)][..], 200),
            (&[("Host", "localhost:5173")], 200),
            (&[("Host", own_host), ("Sec-Fetch-Site", "none")], 200),
        ] {
            assert_eq!(
                raw(&client, "GET /requests", headers).0,
                view,
                "{headers:?}"
            );
        }
        let by_hand = [("Host", own_host), ("Sec-Fetch-Site", "none")];
        assert_eq!(raw(&client, "DELETE /requests", &by_hand).0, 403);
    }
);

#[tokio::test(flavor = "multi_thread")]
async fn hosts_and_origins_can_be_allowed() {
    let config = Config {
        allowed_hosts: vec!["emulator.test:8081".into()],
        allowed_origins: vec!["https://app.test".into()],
        ..Config::default()
    };
    let client = Client::start(config).await;
    let headers = [
        ("Host", "emulator.test:8081"),
        ("Origin", "https://app.test"),
        ("Sec-Fetch-Site", "cross-site"),
    ];
    let (status, head) = raw(&client, "GET /requests", &headers);
    assert_eq!(status, 200);
    assert!(head.contains("access-control-allow-origin: https://app.test"));
    let other = [headers[0], ("Origin", "https://app.test:8443")];
    assert_eq!(raw(&client, "GET /requests", &other).0, 403);
}
