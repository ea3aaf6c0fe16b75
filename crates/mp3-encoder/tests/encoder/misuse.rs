use thetaone_web_mp3::stream::{EncodeError, Stream};

#[test]
fn only_rates_that_mpeg_2_has_are_taken() {
    for sample_rate in [0, 7_999, 22_050, 44_100, 48_000, u32::MAX] {
        let refusal = Stream::new(sample_rate, 32).err();
        assert_eq!(refusal, Some(EncodeError::SampleRate(sample_rate)));
    }
    for kbps in [0, 31, 33, 192, 320, u32::MAX] {
        assert_eq!(
            Stream::new(16_000, kbps).err(),
            Some(EncodeError::BitRate(kbps))
        );
    }
    let said = EncodeError::BitRate(33).to_string();
    assert!(said.contains("33") && said.contains("24, 32, 40"), "{said}");
}

#[test]
fn a_finished_stream_takes_nothing_more() {
    let mut stream = Stream::new(16_000, 32).unwrap();
    assert_eq!(stream.head(), Err(EncodeError::NotFinished));
    stream.push(&[1; 5000]).unwrap();
    assert_eq!(stream.head(), Err(EncodeError::NotFinished));
    stream.finish().unwrap();
    let head = stream.head().unwrap().to_vec();
    assert_eq!(stream.push(&[1]), Err(EncodeError::Finished));
    assert_eq!(stream.push(&[]), Err(EncodeError::Finished));
    assert_eq!(stream.finish(), Err(EncodeError::Finished));
    assert_eq!(stream.head(), Ok(head.as_slice()));
}

#[test]
fn frames_come_as_soon_as_they_are_full() {
    let mut stream = Stream::new(16_000, 32).unwrap();
    assert_eq!(stream.push(&[0; 575]).unwrap().len(), 0);
    assert_eq!(stream.push(&[0; 1]).unwrap().len(), 144);
    assert_eq!(stream.push(&[0; 576 * 100]).unwrap().len(), 14_400);
}
