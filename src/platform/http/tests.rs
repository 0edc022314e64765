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
