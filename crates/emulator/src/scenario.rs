//! Scenario keys, like the test cards of payment APIs: each key selects a behavior.

use serde::Serialize;

/// The start of every scenario key.
pub const KEY_PREFIX: &str = "sk-theta-emulated-";

/// The behavior of a key, and the result that a client should report.
#[derive(Debug, Serialize)]
pub struct Scenario {
    /// The end of the key, after [`KEY_PREFIX`].
    pub id: &'static str,
    /// The heading in menus.
    pub group: &'static str,
    /// The description in menus.
    pub title: &'static str,
    /// The account behind the key.
    #[serde(skip)]
    pub account: Account,
    /// The responses, in turn, repeated from the start. If empty, the API's rules apply.
    #[serde(skip)]
    pub script: &'static [Step],
    /// The endpoint to call, if only one shows the behavior.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<&'static str>,
    /// The result of a call that is retried as the SDK's contract says.
    pub expect: Expect,
}

/// The account behind a key.
#[derive(Debug, Clone, Copy)]
pub struct Account {
    /// Whether the key is active.
    pub active: bool,
    /// The plan of the account.
    pub plan: Plan,
    /// The initial balance.
    pub credits: f64,
}

/// The vendor's plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// No pronunciation endpoints, 30 requests per minute.
    Free,
    /// 100 requests per minute.
    Starter,
    /// 500 requests per minute.
    Pro,
}

impl Plan {
    /// Returns the number of requests that a key may send in a minute.
    pub const fn requests_per_minute(self) -> usize {
        match self {
            Plan::Free => 30,
            Plan::Starter => 100,
            Plan::Pro => 500,
        }
    }
}

/// One response of a script.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// A response by the API's rules.
    Serve,
    /// The documented error with this status whose example body starts with this text.
    Error(u16, &'static str),
    /// A 429 with `Retry-After` in seconds.
    RateLimited(u32),
    /// Any status, content type and body.
    RawResponse(u16, &'static str, &'static [u8]),
    /// A response by the API's rules, after this many seconds.
    Delay(u64),
    /// No response; the connection stays open.
    Hang,
    /// No response; the connection is closed.
    Drop,
}

/// The result of a call, as the SDK should report it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Expect {
    /// The error class. `None` for a success.
    pub class: Option<&'static str>,
    /// The error's `code`.
    pub code: Option<&'static str>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// The error's `reason`.
    pub reason: Option<&'static str>,
    /// The number of requests, with at most three attempts.
    pub attempts: u32,
}

impl Scenario {
    /// Returns the whole key.
    pub fn key(&self) -> String {
        format!("{KEY_PREFIX}{}", self.id)
    }

    /// Returns the scenario of `key`.
    pub fn of_key(key: &str) -> Option<&'static Scenario> {
        let id = key.strip_prefix(KEY_PREFIX)?;
        SCENARIOS.iter().find(|scenario| scenario.id == id)
    }
}

const PRO: Account = Account {
    active: true,
    plan: Plan::Pro,
    credits: 100.0,
};

const fn success(attempts: u32) -> Expect {
    Expect {
        class: None,
        code: None,
        status: None,
        reason: None,
        attempts,
    }
}

const fn failure(
    class: &'static str,
    code: &'static str,
    status: u16,
    reason: Option<&'static str>,
    attempts: u32,
) -> Expect {
    Expect {
        class: Some(class),
        code: Some(code),
        status: if status == 0 { None } else { Some(status) },
        reason,
        attempts,
    }
}

const fn scripted(
    group: &'static str,
    id: &'static str,
    title: &'static str,
    script: &'static [Step],
    expect: Expect,
) -> Scenario {
    Scenario {
        id,
        group,
        title,
        account: PRO,
        script,
        endpoint: None,
        expect,
    }
}

const fn account(
    id: &'static str,
    title: &'static str,
    account: Account,
    endpoint: Option<&'static str>,
    expect: Expect,
) -> Scenario {
    Scenario {
        id,
        group: "Account",
        title,
        account,
        script: &[],
        endpoint,
        expect,
    }
}

const HTML_502: &[u8] = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>\r\n";
const HTML_200: &[u8] =
    b"<!doctype html><title>My app</title><p>Not the API, but a page of the app";
const VALIDATION: &[u8] =
    br#"{"detail":[{"type":"missing","loc":["body","file"],"msg":"Field required","input":null}]}"#;

use Step::{Delay, Drop, Error, Hang, RateLimited, RawResponse, Serve};

/// All scenarios, in the order of menus.
#[rustfmt::skip]
pub static SCENARIOS: &[Scenario] = &[
    scripted("Success", "ok", "Works, on the Pro plan", &[], success(1)),

    account("free-plan", "Free plan: no pronunciation endpoints", Account { plan: Plan::Free, ..PRO },
        Some("pronunciationSimple"), failure("PaymentRequiredError", "PAYMENT_REQUIRED", 402, Some("plan_required"), 1)),
    account("no-credits", "No credits left", Account { credits: 0.0, ..PRO },
        None, failure("PaymentRequiredError", "PAYMENT_REQUIRED", 402, Some("insufficient_credits"), 1)),
    account("credits-run-out", "Credits for some seconds of audio", Account { credits: 0.004, ..PRO },
        None, success(1)),
    account("inactive-key", "Key deactivated or expired", Account { active: false, ..PRO },
        None, failure("AuthenticationError", "UNAUTHORIZED", 401, Some("inactive_key"), 1)),
    scripted("Account", "unknown-key", "Key unknown", &[Error(401, "Invalid API key")],
        failure("AuthenticationError", "UNAUTHORIZED", 401, Some("invalid_key"), 1)),
    scripted("Account", "session-expired", "401 of a proxy's own", &[RawResponse(401, "application/json", b"{\"detail\":\"Session expired\"}")],
        failure("AuthenticationError", "UNAUTHORIZED", 401, Some("unknown"), 1)),
    scripted("Account", "payment-other", "402 for another reason", &[RawResponse(402, "application/json", b"{\"detail\":\"Invoice overdue\"}")],
        failure("PaymentRequiredError", "PAYMENT_REQUIRED", 402, Some("unknown"), 1)),

    scripted("Request", "not-all-words", "Words of the sentence are missing", &[Error(400, "Not all words")],
        failure("NotAllWordsSpokenError", "NOT_ALL_WORDS_SPOKEN", 400, None, 1)),
    scripted("Request", "invalid-audio", "Audio that cannot be decoded", &[Error(400, "Invalid audio")],
        failure("InvalidAudioError", "INVALID_AUDIO", 400, None, 1)),
    scripted("Request", "invalid-options-json", "Options are not JSON", &[Error(400, "Invalid options format")],
        failure("InvalidOptionsError", "INVALID_OPTIONS", 400, Some("malformed_json"), 1)),
    scripted("Request", "invalid-options-schema", "Options fail the schema", &[Error(400, "Invalid options:")],
        failure("InvalidOptionsError", "INVALID_OPTIONS", 400, Some("schema"), 1)),
    scripted("Request", "missing-gold-text", "gold_text is missing", &[Error(400, "gold_text")],
        failure("MissingGoldTextError", "MISSING_GOLD_TEXT", 400, None, 1)),
    scripted("Request", "invalid-native-json", "The reference is not JSON", &[Error(400, "Invalid native_speech_components_json")],
        failure("InvalidNativeSpeechComponentsError", "INVALID_NATIVE_SPEECH_COMPONENTS", 400, Some("malformed_json"), 1)),
    scripted("Request", "invalid-native-schema", "The reference has the wrong shape", &[Error(400, "Invalid native_speech_components format")],
        failure("InvalidNativeSpeechComponentsError", "INVALID_NATIVE_SPEECH_COMPONENTS", 400, Some("schema"), 1)),
    scripted("Request", "bad-request-other", "400 that is not in the reference", &[RawResponse(400, "application/json", b"{\"detail\":\"There was an error parsing the body\"}")],
        failure("BadRequestError", "BAD_REQUEST", 400, None, 1)),
    scripted("Request", "validation-array-422", "422 with FastAPI's array", &[RawResponse(422, "application/json", VALIDATION)],
        failure("UnexpectedStatusError", "UNEXPECTED_STATUS", 422, None, 1)),
    scripted("Request", "payload-too-large", "Upload too large", &[RawResponse(413, "text/html", b"<h1>413 Request Entity Too Large</h1>")],
        failure("PayloadTooLargeError", "PAYLOAD_TOO_LARGE", 413, None, 1)),

    scripted("Quota", "rate-limited", "429, always", &[Error(429, "Rate limit")],
        failure("RateLimitError", "RATE_LIMIT_EXCEEDED", 429, None, 3)),
    scripted("Quota", "rate-limit-twice", "429 twice, then 200", &[Error(429, "Rate limit"), Error(429, "Rate limit"), Serve], success(3)),
    scripted("Quota", "rate-limit-retry-after", "429 with Retry-After: 2, then 200", &[RateLimited(2), Serve], success(2)),

    scripted("Server", "server-error", "500, always", &[Error(500, "Internal")],
        failure("ServerError", "INTERNAL_SERVER_ERROR", 500, None, 3)),
    scripted("Server", "server-error-once", "500 once, then 200", &[Error(500, "Internal"), Serve], success(2)),
    scripted("Server", "bad-gateway-html", "502 with HTML", &[RawResponse(502, "text/html", HTML_502)],
        failure("ServerError", "BAD_GATEWAY", 502, None, 3)),
    scripted("Server", "unavailable-empty", "503 with nothing", &[RawResponse(503, "text/plain", b"")],
        failure("ServerError", "SERVICE_UNAVAILABLE", 503, None, 3)),
    scripted("Server", "gateway-timeout", "504", &[RawResponse(504, "text/html", b"<h1>504 Gateway Time-out</h1>")],
        failure("ServerError", "GATEWAY_TIMEOUT", 504, None, 3)),
    scripted("Server", "teapot", "418: not in the reference", &[RawResponse(418, "application/json", b"{\"detail\":\"I'm a teapot\"}")],
        failure("UnexpectedStatusError", "UNEXPECTED_STATUS", 418, None, 1)),

    scripted("Network", "drop-connection", "Hangs up without an answer, always", &[Drop],
        failure("ConnectionError", "CONNECTION_FAILED", 0, Some("unreachable"), 3)),
    scripted("Network", "drop-once", "Hangs up once, then 200", &[Drop, Serve], success(2)),
    scripted("Network", "slow", "Answers after 5 seconds", &[Delay(5)], success(1)),
    scripted("Network", "hang", "Never answers", &[Hang],
        failure("TimeoutError", "TIMEOUT", 0, Some("attempt"), 1)),

    scripted("Broken answer", "broken-json", "200 with JSON that breaks off", &[RawResponse(200, "application/json", b"{\"text\": \"Welcome to Th")],
        failure("InvalidResponseError", "INVALID_RESPONSE", 200, None, 1)),
    scripted("Broken answer", "html-200", "200 with a page", &[RawResponse(200, "text/html", HTML_200)],
        failure("InvalidResponseError", "INVALID_RESPONSE", 200, None, 1)),
    scripted("Broken answer", "invalid-utf8", "500 with bytes that are no text", &[RawResponse(500, "application/json", b"\xff\xfe\x00{\"detail\":")],
        failure("ServerError", "INTERNAL_SERVER_ERROR", 500, None, 3)),
];
