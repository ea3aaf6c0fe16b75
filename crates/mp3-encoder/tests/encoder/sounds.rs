use std::f64::consts::TAU;

/// The speech that all tests of the project use, at 16 kHz. The file has 48 kHz and 16 bits. A
/// crude decimation aliases, which is as good a signal.
pub fn speech() -> Vec<i16> {
    let wav = include_bytes!("../../../../tests/fixtures/speech.wav");
    let data = wav.windows(4).position(|name| name == b"data").unwrap() + 8;
    let samples: Vec<i32> = wav[data..]
        .chunks_exact(2)
        .map(|bytes| i32::from(i16::from_le_bytes([bytes[0], bytes[1]])))
        .collect();
    samples
        .chunks_exact(3)
        .map(|three| (three.iter().sum::<i32>() / 3) as i16)
        .collect()
}

pub fn tone(hertz: f64, amplitude: f64, sample_rate: u32, samples: usize) -> Vec<i16> {
    (0..samples)
        .map(|at| (amplitude * (TAU * hertz * at as f64 / f64::from(sample_rate)).sin()) as i16)
        .collect()
}

/// The loudest 16-bit signal, louder than any microphone.
pub fn square(period: usize, samples: usize) -> Vec<i16> {
    (0..samples)
        .map(|at| {
            if at % period < period / 2 {
                i16::MAX
            } else {
                i16::MIN
            }
        })
        .collect()
}

/// The sound that is the hardest to compress.
pub fn noise(samples: usize) -> Vec<i16> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    (0..samples)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 48) as i16
        })
        .collect()
}
