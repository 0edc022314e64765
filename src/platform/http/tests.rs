use clap::{Args as _, FromArgMatches as _};

use super::*;

#[test]
fn forwarded_addresses_are_believed_only_from_trusted_proxies() {
    let read = |arguments: &[&str]| {
        let command = Settings::augment_args(clap::Command::new("handshake"));
        let matches = command
            .try_get_matches_from(std::iter::once(&"handshake").chain(arguments))
            .expect("settings");
        Settings::from_arg_matches(&matches).expect("settings")
    };
    let (nobody, proxy) = (read(&[]), read(&["--trusted-proxies", "10.0.0.0/8"]));
    let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
    assert_eq!(
        client_address(ip("10.1.1.1"), Some("203.0.113.9"), &nobody),
        ip("10.1.1.1")
    );
    assert_eq!(
        client_address(ip("10.1.1.1"), Some("6.6.6.6, 203.0.113.9"), &proxy),
        ip("203.0.113.9")
    );
    assert_eq!(
        client_address(ip("10.1.1.1"), Some("203.0.113.9, 10.2.2.2"), &proxy),
        ip("203.0.113.9")
    );
    assert_eq!(
        client_address(ip("10.1.1.1"), Some("203.0.113.9:4711"), &proxy),
        ip("203.0.113.9")
    );
    assert_eq!(
        client_address(ip("10.1.1.1"), Some("[2001:db8::7]:4711"), &proxy),
        ip("2001:db8::7")
    );
    assert_eq!(
        client_address(ip("198.51.100.7"), Some("203.0.113.9"), &proxy),
        ip("198.51.100.7")
    );
    assert_eq!(
        client_address(ip("10.1.1.1"), Some("nonsense"), &proxy),
        ip("10.1.1.1")
    );
}

#[test]
fn a_proxy_may_name_visitors_in_the_standard_header() {
    let command = Settings::augment_args(clap::Command::new("handshake"));
    let arguments = [
        "handshake",
        "--trusted-proxies",
        "10.0.0.0/8",
        "--forwarded-header",
        "forwarded",
    ];
    let matches = command.try_get_matches_from(arguments).expect("settings");
    let settings = Settings::from_arg_matches(&matches).expect("settings");
    let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
    let client = |lines: &[&'static str]| {
        let mut headers = axum::http::HeaderMap::new();
        for line in lines {
            headers.append("forwarded", HeaderValue::from_static(line));
        }
        headers.append("x-forwarded-for", HeaderValue::from_static("6.6.6.6"));
        let hops = forwarded_hops(&headers, &settings);
        client_address(ip("10.1.1.1"), hops.as_deref(), &settings)
    };
    assert_eq!(client(&["for=203.0.113.9;proto=https"]), ip("203.0.113.9"));
    assert_eq!(
        client(&["for=6.6.6.6", "For=\"[2001:db8::7]:4711\"; by=10.1.1.1"]),
        ip("2001:db8::7")
    );
    assert_eq!(client(&["for=203.0.113.9, for=10.2.2.2"]), ip("203.0.113.9"));
    // A name in the place of an address tells nothing.
    assert_eq!(client(&["for=203.0.113.9, for=_hidden"]), ip("10.1.1.1"));
    assert_eq!(client(&[]), ip("10.1.1.1"));
}
