//! Writes the initial corpora.

#[path = "../../tests/fixtures/files.rs"]
mod files;

use std::fs;
use std::path::Path;

const SPEECH: &[u8] = include_bytes!("../../tests/fixtures/speech.wav");
const TONE: &[u8] = include_bytes!("../../crates/emulator/tests/tone.mp3");
/// The length of the speech file, which is short because fuzzing is faster with short files.
const SPEECH_BYTES: usize = 16 * 1024;

fn main() -> std::io::Result<()> {
    let speech = SPEECH[..SPEECH_BYTES].to_vec();
    let mut wavs = files::waves();
    wavs.push(speech.clone());
    let mut mp3s = files::mp3s();
    mp3s.push(TONE.to_vec());
    // The target `wav` recognizes the format of any file.
    wavs.extend(mp3s.iter().cloned());
    write("wav", &wavs)?;
    write("mp3", &mp3s)?;
    write("prepare", &takes(&speech))
}

fn takes(speech: &[u8]) -> Vec<Vec<u8>> {
    let samples: Vec<u8> = speech[44..]
        .as_chunks::<2>()
        .0
        .iter()
        .take(2_000)
        .flat_map(|&sample| (f32::from(i16::from_le_bytes(sample)) / 32_768.0).to_le_bytes())
        .collect();
    [
        8_000u32, 11_025, 16_000, 16_001, 22_050, 44_100, 47_999, 48_000, 192_000, 7_999,
    ]
    .iter()
    .zip([1u16, 128, 4_096].iter().cycle())
    .map(|(rate, block)| {
        let head = [
            &rate.to_le_bytes()[..],
            &block.to_le_bytes(),
            &[(rate & 1) as u8],
        ];
        [&head.concat()[..], &samples].concat()
    })
    .collect()
}

fn write(target: &str, files: &[Vec<u8>]) -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    fs::create_dir_all(&folder)?;
    for (number, file) in files.iter().enumerate() {
        fs::write(folder.join(format!("seed-{number:02}")), file)?;
    }
    println!("{} files in {}", files.len(), folder.display());
    Ok(())
}
