//! Compares the parser of HTTP dates with that of the crate `httpdate`.

use std::time::{Duration, UNIX_EPOCH};

use proptest::prelude::*;
use thetaone_web::core::error::http_date::parse;

fn theirs(text: &str) -> Option<u64> {
    let at = httpdate::parse_http_date(text).ok()?;
    Some(at.duration_since(UNIX_EPOCH).ok()?.as_secs())
}

#[test]
fn the_three_forms_of_an_http_date_are_equal() {
    for text in [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ] {
        assert_eq!(parse(text), Some(784_111_777), "{text}");
        assert_eq!(parse(text), theirs(text), "{text}");
    }
}

#[test]
fn invalid_dates_are_none() {
    for text in [
        "",
        "soon",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 29 Feb 2023 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1969 08:49:37 GMT",
        "Sun, 06 Nov 99999999999999999999 08:49:37 GMT",
        "일, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994",
        "-1",
        "1.5",
        "1 2 3 4 5 6 7",
        "1994-13-06T08:49:37Z",
        "1994-00-06T08:49:37Z",
        "1994-02-29T08:49:37Z",
        "1994-11-06",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}

#[test]
fn sloppy_spellings_of_a_date_are_accepted() {
    for text in [
        "06 Nov 1994 08:49:37 GMT",
        "sun, 06 nov 1994 08:49:37 gmt",
        "SUN, 06 NOV 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 8:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06-Nov-1994 08:49:37 GMT",
        "Sunday, 06 November 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 08:49:37 GMT+00:00",
        "Sun Nov  6 08:49:37 UTC 1994",
        "1994-11-06T08:49:37Z",
        "1994-11-06t08:49:37z",
        "1994-11-06T08:49:37.000Z",
        "1994-11-06T08:49:37.123456Z",
        "1994-11-06T08:49:37+00:00",
        "1994-11-06T08:49:37",
        "1994-11-06 08:49:37",
        " 1994-11-06 08:49:37 UTC",
    ] {
        assert_eq!(parse(text), Some(784_111_777), "{text}");
    }
}

#[test]
fn other_zones_are_read_as_the_latest_possible_time() {
    for zone in ["CET", "EST", "KST", "+0900", "-0500", "GMT+1", "PM"] {
        for text in [
            format!("Sun, 06 Nov 1994 08:49:37 {zone}"),
            format!("1994-11-06T08:49:37 {zone}"),
        ] {
            assert_eq!(parse(&text), Some(784_111_777 + 12 * 3600), "{text}");
        }
    }
}

proptest! {
    #[test]
    fn every_formatted_date_is_parsed(seconds in 0_u64..253_402_300_799) {
        let text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
        prop_assert_eq!(parse(&text), Some(seconds));
    }

    #[test]
    fn dates_are_parsed_as_by_the_httpdate_crate(
        weekday in "(Mon|Tuesday|Wed)", day in 0_u32..40, month in "(Jan|Feb|Sep|Dec|Foo)",
        year in 0_u32..3000, hour in 0_u32..26, minute in 0_u32..62, second in 0_u32..62, form in 0..3,
    ) {
        let text = match form {
            0 => format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT"),
            1 => format!("{weekday}, {day:02}-{month}-{:02} {hour:02}:{minute:02}:{second:02} GMT", year % 100),
            _ => format!("{weekday} {month} {day:2} {hour:02}:{minute:02}:{second:02} {year:04}"),
        };
        if let Some(seconds) = theirs(&text) {
            prop_assert_eq!(parse(&text), Some(seconds), "{}", text);
        }
    }

    #[test]
    fn parse_never_panics(text in "\\PC*") {
        let _ = parse(&text);
    }
}
