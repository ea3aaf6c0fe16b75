//! The emulator listens, over real HTTP, to speech of flite and espeak-ng.
//!
//! `cargo xtask test --only native` fetches the engine and runs these; by hand, LISTENING_ENGINE
//! is the folder that `cargo xtask fetch-listening` names.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, LazyLock};

use emulator::listen::error::Unavailable;
use emulator::listen::{Heard, Listener};
use emulator::{Config, Emulator};
use serde_json::{Value, json};
use thetaone_web::core::audio::wav::header;

const SENTENCE: &str = "My sister wants to become a doctor";
const BOUNDARY: &str = "----emulator-test";

static LISTENER: LazyLock<Arc<Listener>> = LazyLock::new(|| {
    let folder = engine_folder();
    Arc::new(Listener::load(&folder).unwrap_or_else(|error| panic!("{error}")))
});

fn engine_folder() -> PathBuf {
    let folder = std::env::var_os("LISTENING_ENGINE");
    folder
        .expect("LISTENING_ENGINE names the engine's folder")
        .into()
}

/// A WAV file of a synthesizer.
fn speak(program: &str, voice: &str, text: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("speech.wav");
    let mut command = Command::new(program);
    match program {
        "flite" => command.args(["-voice", voice, "-t", text, "-o"]),
        _ => command.args(["-v", voice, text, "-w"]),
    };
    let output = command.arg(&file).output().unwrap();
    assert!(output.status.success(), "{program}");
    let mut bytes = std::fs::read(file).unwrap();
    // espeak-ng writes its header before it knows the length.
    let data = (bytes.len() - 44) as u32;
    bytes[40..44].copy_from_slice(&data.to_le_bytes());
    bytes
}

fn flite(text: &str) -> Vec<u8> {
    speak("flite", "slt", text)
}

fn wav(samples: impl Iterator<Item = i16>) -> Vec<u8> {
    let data: Vec<u8> = samples.flat_map(i16::to_le_bytes).collect();
    [&header(16_000, 1, data.len() as u64)[..], &data].concat()
}

/// The samples of a WAV file of flite, from -1 to 1.
fn samples(file: &[u8]) -> Vec<f32> {
    let pairs = file[44..].chunks_exact(2);
    pairs
        .map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0)
        .collect()
}

#[derive(Clone)]
struct Client {
    emulator: Arc<Emulator>,
    agent: ureq::Agent,
}

impl Client {
    async fn start() -> Client {
        Client::with(Some(LISTENER.clone())).await
    }

    async fn with(listener: Option<Arc<Listener>>) -> Client {
        let config = Config {
            listener,
            ..Config::default()
        };
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build();
        Client {
            emulator: Arc::new(Emulator::start(config).await.unwrap()),
            agent: agent.into(),
        }
    }

    /// Calls an endpoint with a recording and options.
    fn call(
        &self,
        path: &str,
        audio: &[u8],
        options: &Value,
        native: Option<&Value>,
    ) -> (u16, Value) {
        let mut body = Vec::new();
        let mut part = |head: &str, bytes: &[u8]| {
            let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n");
            body.extend([head.as_bytes(), bytes, b"\r\n"].concat());
        };
        part("name=\"file\"; filename=\"audio.wav\"", audio);
        part("name=\"options\"", options.to_string().as_bytes());
        if let Some(native) = native {
            let native = native.to_string();
            part("name=\"native_speech_components_json\"", native.as_bytes());
        }
        body.extend(format!("--{BOUNDARY}--\r\n").as_bytes());
        let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = self
            .agent
            .post(format!("{}{path}", self.emulator.url()))
            .header("x-api-key", "sk-theta-emulated-ok")
            .header("content-type", content_type);
        tokio::task::block_in_place(|| {
            let mut response = request.send(&body[..]).unwrap();
            let bytes = response.body_mut().read_to_vec().unwrap();
            let body = serde_json::from_slice(&bytes).unwrap();
            (response.status().as_u16(), body)
        })
    }

    fn score(&self, audio: &[u8], text: &str) -> (u16, Value) {
        let options = json!({ "gold_text": text, "language": "en" });
        self.call("/pronunciation-simple", audio, &options, None)
    }

    fn assert_missing(&self, audio: &[u8], text: &str) {
        let expected = (400, json!({ "detail": "Not all words are spoken." }));
        assert_eq!(self.score(audio, text), expected, "{text}");
    }
}

fn words(components: &Value) -> Vec<&Value> {
    let parts = components.as_array().unwrap().iter();
    parts.filter(|part| part["type"] == "word").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complete_sentence_is_accepted_from_both_synthesizers() {
    let client = Client::start().await;
    for (program, voice) in [("flite", "slt"), ("flite", "rms"), ("espeak-ng", "en-us")] {
        let (status, body) = client.score(&speak(program, voice, SENTENCE), SENTENCE);
        assert_eq!(status, 200, "{program} {voice}: {body}");
        let words = words(&body["user_speech_components"]);
        let texts: Vec<_> = words
            .iter()
            .filter_map(|word| word["word"].as_str())
            .collect();
        assert_eq!(texts.join(" "), SENTENCE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn common_words_that_the_engine_finds_by_their_spelling_are_good() {
    let client = Client::start().await;
    for text in [
        "I am going to the store",
        "One of us has to do it",
        "We have many of these",
    ] {
        let (status, body) = client.score(&speak("flite", "rms", text), text);
        assert_eq!(status, 200, "{text}: {body}");
        let listening = &body["metadata"]["listening"];
        let bands = listening["bands"].as_array().unwrap();
        assert!(
            bands.iter().all(|band| band == "good"),
            "{text}: {listening}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sentence_without_any_one_of_its_words_is_refused() {
    let client = Client::start().await;
    let all: Vec<&str> = SENTENCE.split(' ').collect();
    for missing in ["sister", "wants", "become", "doctor"] {
        let spoken: Vec<_> = all
            .iter()
            .copied()
            .filter(|word| *word != missing)
            .collect();
        client.assert_missing(&flite(&spoken.join(" ")), SENTENCE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sentence_silence_and_noise_are_refused() {
    let client = Client::start().await;
    client.assert_missing(
        &flite("The yellow bus stops in front of our house"),
        SENTENCE,
    );
    client.assert_missing(&flite("Doctor"), SENTENCE);
    client.assert_missing(&wav(std::iter::repeat_n(0, 48_000)), SENTENCE);
    let mut state = 1_u32;
    let noise = wav((0..48_000).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 18) as i16 - 8_192
    }));
    client.assert_missing(&noise, SENTENCE);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_listener_another_sentence_passes_as_before() {
    let client = Client::with(None).await;
    let (status, body) = client.score(
        &flite("The yellow bus stops in front of our house"),
        SENTENCE,
    );
    assert_eq!(status, 200);
    assert_eq!(body["metadata"].get("listening"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_begin_when_the_synthesizer_says_them() {
    // The times of flite's sounds: `flite -voice slt -t … -psdur` (flite 2.2).
    let client = Client::start().await;
    let text = "Betty has a beautiful dress";
    let (status, body) = client.score(&flite(text), text);
    assert_eq!(status, 200, "{body}");
    let starts = words(&body["user_speech_components"]).into_iter();
    let starts: Vec<f64> = starts.filter_map(|word| word["start"].as_f64()).collect();
    for (start, expected) in starts.iter().zip([0.216, 0.474, 0.660, 0.710, 1.244]) {
        assert!((start - expected).abs() < 0.06, "{starts:?}: {expected}");
    }
    assert_eq!(starts.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn responses_say_what_was_judged_and_by_what() {
    let client = Client::start().await;
    let text = "Zorblax has 3 beautiful dresses.";
    let (status, body) = client.score(&flite(text), text);
    assert_eq!(status, 200, "{body}");
    let metadata = &body["metadata"];
    assert_eq!(metadata["emulated"], true);
    assert_eq!(metadata["listening"]["engine"], "hama 1.7.0 with CMUdict");
    assert_eq!(metadata["listening"]["not_judged"], json!(["Zorblax", "3"]));
    let note = metadata["listening"]["note"].as_str().unwrap();
    assert!(note.contains("not Theta One's scores"), "{note}");
    let bands = metadata["listening"]["bands"].as_array().unwrap();
    assert_eq!(bands.len(), 5);
    assert!(bands[0].is_null() && bands[2].is_null());
    for band in [&bands[1], &bands[3], &bands[4]] {
        assert!(["poor", "fair", "good"].contains(&band.as_str().unwrap()));
    }
    for word in words(&body["user_speech_components"]) {
        assert!(word["score"].is_number(), "{word}");
        for syllable in word["syllables"].as_array().unwrap() {
            assert_eq!(syllable["score"], word["score"], "no score of its own");
            assert_eq!(syllable["phonemes"], json!([]), "no score for a sound");
        }
    }
    let syllables = |word: usize| {
        let words = words(&body["user_speech_components"]);
        let syllables = words[word]["syllables"].as_array().unwrap();
        let texts = syllables
            .iter()
            .map(|syllable| syllable["text"].as_str().unwrap());
        texts.collect::<Vec<_>>().join("-")
    };
    assert_eq!([syllables(2), syllables(3)], ["3", "beau-ti-ful"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_without_known_words_is_judged_by_loudness() {
    let client = Client::start().await;
    let (status, body) = client.score(&flite("Zorblax"), "Zorblax");
    assert_eq!(status, 200, "{body}");
    let listening = body["metadata"]["listening"].as_str().unwrap();
    assert!(listening.contains("not possible"), "{listening}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_learner_is_compared_with_the_reference() {
    let client = Client::start().await;
    let options = json!({ "gold_text": SENTENCE });
    let reference = flite(SENTENCE);
    let (status, native) = client.call("/analyze-native", &reference, &options, None);
    assert_eq!(status, 200, "{native}");
    let native = &native["speech_components"];
    let compare = |audio: &[u8]| {
        let (status, body) = client.call("/pronunciation", audio, &options, Some(native));
        assert_eq!(status, 200, "{body}");
        ["stress", "pause", "speed"].map(|side| body[side]["score"].as_f64().unwrap())
    };
    assert_eq!(compare(&reference), [100.0; 3]);

    // With a second of silence after "wants".
    let halves = ["My sister wants", "to become a doctor"].map(|text| samples(&flite(text)));
    let pause = vec![0.0; 16_000];
    let joined = [&halves[0][..], &pause, &halves[1]].concat();
    let slow: Vec<i16> = joined
        .iter()
        .map(|sample| (sample * 32_767.0) as i16)
        .collect();
    let [_, pauses, _] = compare(&wav(slow.into_iter()));
    assert!(pauses < 100.0, "{pauses}");
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_requests_share_one_engine() {
    let client = Client::start().await;
    let (right, wrong) = (
        flite(SENTENCE),
        flite("The yellow bus stops in front of our house"),
    );
    let calls = (0..12).map(|number| {
        let (client, right, wrong) = (client.clone(), right.clone(), wrong.clone());
        tokio::spawn(async move {
            let is_right = number % 2 == 0;
            let (status, body) = client.score(if is_right { &right } else { &wrong }, SENTENCE);
            assert_eq!(status, if is_right { 200 } else { 400 }, "{body}");
            body
        })
    });
    let calls: Vec<_> = calls.collect();
    let mut bodies = Vec::new();
    for call in calls {
        bodies.push(call.await.unwrap());
    }
    let right: Vec<_> = bodies.iter().step_by(2).collect();
    assert!(
        right.windows(2).all(|pair| pair[0] == pair[1]),
        "each gets the same result"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_minute_is_heard_to_its_end() {
    let client = Client::start().await;
    let sentence = samples(&flite(SENTENCE));
    let repetitions = 60 * 16_000 / sentence.len();
    let minute = sentence.repeat(repetitions);
    let text = vec![SENTENCE; repetitions].join(" ");
    let recording = wav(minute.iter().map(|sample| (sample * 32_767.0) as i16));
    let (status, body) = client.score(&recording, &text);
    assert_eq!(status, 200, "{body}");
    assert!(body["metadata"]["listening"].is_object());
    let words = words(&body["user_speech_components"]);
    let length = sentence.len() as f64 / 16_000.0;
    for (repetition, words) in words.chunks(SENTENCE.split(' ').count()).enumerate() {
        let start = words[0]["start"].as_f64().unwrap() - repetition as f64 * length;
        assert!(
            (0.1..0.4).contains(&start),
            "{start} s into repetition {repetition}"
        );
    }
    let wrong_end = text.rsplit_once(' ').unwrap().0.to_owned() + " lawyer";
    client.assert_missing(&recording, &format!("{wrong_end} yesterday"));

    let long = wav(std::iter::repeat_n(&sentence, repetitions + 1)
        .flatten()
        .map(|s| (s * 32_767.0) as i16));
    let (status, body) = client.score(&long, SENTENCE);
    assert_eq!(status, 200);
    assert!(
        body["metadata"]["listening"].is_string(),
        "judged by loudness"
    );
}

#[test]
fn hostile_recordings_are_judged_or_refused_and_never_crash() {
    let words: Vec<&str> = SENTENCE.split(' ').collect();
    let extremes = [
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::MAX,
        -0.0,
        f32::MIN_POSITIVE,
    ];
    let recordings: [Vec<f32>; 8] = [
        vec![],
        vec![0.5],
        vec![f32::NAN; 159],
        vec![1.0; 161],
        extremes.iter().copied().cycle().take(16_000).collect(),
        (0..32_000)
            .map(|n| if n % 2 == 0 { 1e30 } else { -1e30 })
            .collect(),
        (0..16_000).map(|n| f32::from_bits(n * 268_435)).collect(),
        vec![1e-30; 8 * 16_000],
    ];
    for (number, recording) in recordings.iter().enumerate() {
        for rate in [8_000, 16_000, 48_000] {
            match LISTENER.listen(&words, recording, rate) {
                Heard::Words(heard) => {
                    let evidence = heard.iter().filter_map(|word| word.evidence);
                    let all_spoken = evidence.clone().all(|evidence| evidence.is_spoken());
                    assert!(!all_spoken, "{number} at {rate} Hz says nothing");
                    assert!(evidence.clone().all(|evidence| !evidence.score.is_nan()));
                }
                Heard::TooShort | Heard::NotJudged => {}
            }
        }
    }
}

#[test]
fn a_minute_of_random_bits_says_nothing() {
    let words: Vec<&str> = SENTENCE.split(' ').collect();
    let mut state = 1_u32;
    let random = (0..60 * 16_000).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f32::from_bits(state)
    });
    let recording: Vec<f32> = random.collect();
    let Heard::Words(heard) = LISTENER.listen(&words, &recording, 16_000) else {
        panic!("a minute is judged");
    };
    let mut evidence = heard.iter().filter_map(|word| word.evidence);
    assert!(evidence.any(|evidence| !evidence.is_spoken()));
}

#[test]
fn hostile_texts_cost_bounded_work() {
    let speech = samples(&flite(SENTENCE));
    let many = vec!["a"; 100_000];
    let heard = LISTENER.listen(&many, &speech, 16_000);
    assert_eq!(heard, Heard::TooShort, "there are fewer frames than sounds");

    let minute: Vec<f32> = speech.iter().copied().cycle().take(60 * 16_000).collect();
    let compound = "a-".repeat(40);
    let compounds = vec![compound.as_str(); 60];
    let heard = LISTENER.listen(&compounds, &minute, 16_000);
    assert_eq!(heard, Heard::NotJudged, "there are too many states");

    let endless = "a-".repeat(5_000_000);
    assert_eq!(
        LISTENER.listen(&[&endless], &speech, 16_000),
        Heard::NotJudged
    );
    assert_eq!(LISTENER.listen(&[], &speech, 16_000), Heard::NotJudged);
}

#[test]
fn an_engine_that_is_not_the_tested_one_is_not_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let missing = Listener::load(folder.path());
    assert!(matches!(missing, Err(Unavailable::Unreadable(..))));

    for entry in std::fs::read_dir(engine_folder()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    assert!(Listener::load(folder.path()).is_ok());
    let weights = folder.path().join("asr_waveform.hama");
    let mut bytes = std::fs::read(&weights).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&weights, bytes).unwrap();
    let error = Listener::load(folder.path()).unwrap_err();
    assert!(matches!(error, Unavailable::WrongHash(_)));
    let line = error.to_string();
    assert!(
        line.contains("asr_waveform.hama") && !line.contains('\n'),
        "{line}"
    );
}
