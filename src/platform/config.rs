//! Every setting: from the environment, each also a flag. The only place that reads the environment.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::Args;
use ipnet::IpNet;
use url::Url;

use super::db::Address;

/// A wrong or unknown key stops the start and names itself.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    #[error("{key} is not a setting of Handshake; see `handshake serve --help` for those that are")]
    Unknown { key: String },
    #[error("{key}: {what}")]
    Wrong { key: &'static str, what: String },
}

#[derive(Args, Clone)]
pub struct Storage {
    /// Where the data lives: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`. Without it, a SQLite file
    /// in the data folder. To PostgreSQL ten connections are held; `?connections=N` sets another number.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// The data folder, made when missing.
    #[arg(long, env = "HANDSHAKE_DATA", default_value = "./data")]
    pub data: PathBuf,

    /// The file with the keys of the audit chain, made when nothing was ever written. Without it, `chain.key`
    /// in the data folder.
    #[arg(long, env = "HANDSHAKE_KEY_FILE")]
    pub key_file: Option<PathBuf>,
}

impl Storage {
    /// Touched whenever nothing was found wrong.
    pub fn verified_file(&self) -> PathBuf {
        self.data.join("verified")
    }

    pub fn key_file(&self) -> PathBuf {
        self.key_file
            .clone()
            .unwrap_or_else(|| self.data.join("chain.key"))
    }

    pub fn address(&self) -> Result<Address, ConfigError> {
        match self
            .database_url
            .as_deref()
            .map(str::trim)
            .filter(|url| !url.is_empty())
        {
            None => Ok(Address::Sqlite(self.data.join("handshake.db"))),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                super::db::postgres_address(url)
                    .map_err(|what| ConfigError::Wrong {
                        key: "DATABASE_URL",
                        what,
                    })
                    .map(|_| Address::Postgres(url.to_owned()))
            }
            Some(url) => match url.strip_prefix("sqlite:") {
                Some(path) if !path.trim_start_matches("//").is_empty() => Ok(Address::Sqlite(
                    PathBuf::from(path.strip_prefix("//").unwrap_or(path)),
                )),
                _ => Err(ConfigError::Wrong {
                    key: "DATABASE_URL",
                    what: "write `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`".to_owned(),
                }),
            },
        }
    }
}

#[derive(Args, Clone)]
pub struct Settings {
    /// The address to listen on.
    #[arg(long, env = "HANDSHAKE_ADDR", default_value = "127.0.0.1:3000", value_parser = socket_address)]
    pub addr: SocketAddr,

    /// The address people type, such as `https://handshake.example`: links in mail are made from it, and
    /// with `https` cookies are `__Host-` and `Secure`. Without it, `http://` and the listening address.
    #[arg(long, env = "HANDSHAKE_PUBLIC_URL", value_parser = public_url)]
    pub public_url: Option<Url>,

    /// The mail server, such as `smtps://USER:PASSWORD@HOST:465`, or `smtp://USER:PASSWORD@HOST:587`, which
    /// has to offer STARTTLS; `?tls=none` at its end speaks in clear. Without it no mail is sent, and links
    /// are shown to copy.
    #[arg(long, env = "HANDSHAKE_SMTP_URL", hide_env_values = true, value_parser = smtp_url)]
    pub smtp_url: Option<String>,

    /// A file with the certificate (PEM) of the authority that signed the mail server's, beside the public
    /// ones. It counts where the connection uses TLS.
    #[arg(long, env = "HANDSHAKE_SMTP_CA", value_parser = certificate)]
    pub smtp_ca: Option<lettre::transport::smtp::client::Certificate>,

    /// The sender of mail.
    #[arg(long, env = "HANDSHAKE_MAIL_FROM", default_value = "Handshake <handshake@localhost>", value_parser = mailbox)]
    pub mail_from: lettre::message::Mailbox,

    /// Networks, or single addresses, whose word on a visitor's address is believed, such as
    /// `10.0.0.0/8,127.0.0.1`.
    #[arg(long, env = "HANDSHAKE_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,

    /// The header in which those networks name a visitor: `x-forwarded-for`, or `forwarded` (RFC 7239).
    #[arg(long, env = "HANDSHAKE_FORWARDED_HEADER", default_value = "x-forwarded-for", value_parser = ["x-forwarded-for", "forwarded"])]
    pub forwarded_header: String,

    /// Largest request body, in bytes.
    #[arg(long, env = "HANDSHAKE_BODY_LIMIT", default_value_t = 256 * 1024, value_parser = clap::value_parser!(u64).range(1024..=16_777_216))]
    pub body_limit: u64,

    /// Connections taken at once, a quarter of them from one address; more are told to come back.
    #[arg(long, env = "HANDSHAKE_MAX_CONNECTIONS", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub max_connections: u64,

    /// Requests worked on at once; more are told to come back.
    #[arg(long, env = "HANDSHAKE_MAX_REQUESTS", default_value_t = 512, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub max_requests: u64,

    /// Hours without a request after which a session ends.
    #[arg(long, env = "HANDSHAKE_SESSION_IDLE_HOURS", default_value_t = 12, value_parser = clap::value_parser!(i64).range(1..=720))]
    pub session_idle_hours: i64,

    /// Days after which a session ends in any case.
    #[arg(long, env = "HANDSHAKE_SESSION_DAYS", default_value_t = 14, value_parser = clap::value_parser!(i64).range(1..=90))]
    pub session_days: i64,

    /// Memory of one password hash (argon2id), in KiB.
    #[arg(long, env = "HANDSHAKE_PASSWORD_MEMORY_KIB", default_value_t = 19 * 1024, value_parser = clap::value_parser!(u32).range(19_456..=1_048_576))]
    pub password_memory_kib: u32,

    /// Passes of one password hash (argon2id).
    #[arg(long, env = "HANDSHAKE_PASSWORD_PASSES", default_value_t = 2, value_parser = clap::value_parser!(u32).range(2..=12))]
    pub password_passes: u32,

    /// What is logged, such as `info` or `handshake=debug`.
    #[arg(long, env = "HANDSHAKE_LOG", default_value = "info")]
    pub log: String,

    /// How it is logged: `text` or `json`.
    #[arg(long, env = "HANDSHAKE_LOG_FORMAT", default_value = "text", value_parser = ["text", "json"])]
    pub log_format: String,

    /// Where figures for Prometheus are answered, such as `127.0.0.1:9464`, at `/metrics`. Without it,
    /// nowhere.
    #[arg(long, env = "HANDSHAKE_METRICS_ADDR", value_parser = socket_address)]
    pub metrics_addr: Option<SocketAddr>,

    /// Seconds in which `/readyz` says no before a server that was told to stop takes no more connections: as
    /// long as the proxy in front needs to notice.
    #[arg(long, env = "HANDSHAKE_STOP_DELAY_SECONDS", default_value_t = 1, value_parser = clap::value_parser!(u64).range(0..=60))]
    pub stop_delay_seconds: u64,

    /// Set by the command: where the last time is noted at which nothing was found wrong.
    #[arg(skip)]
    pub verified_file: Option<PathBuf>,

    /// Set by `serve --demo`, never by hand: the sign-in page shows the demo accounts.
    #[arg(skip)]
    pub demo: bool,
}

impl Settings {
    /// The origin that people use, without a trailing slash.
    pub fn origin(&self) -> String {
        match &self.public_url {
            Some(url) => url.origin().ascii_serialization(),
            // Nobody can go to 0.0.0.0.
            None if self.addr.ip().is_unspecified() => format!("http://localhost:{}", self.addr.port()),
            None => format!("http://{}", self.addr),
        }
    }

    pub fn is_https(&self) -> bool {
        self.public_url
            .as_ref()
            .is_some_and(|url| url.scheme() == "https")
    }

    /// Whether anybody at all may name a visitor's address, and so get around the limits of one.
    pub fn trusts_everybody(&self) -> bool {
        self.trusted_proxies.iter().any(|net| net.prefix_len() == 0)
    }

    /// When nothing was last found wrong, in seconds since 1970; 0 for never.
    pub fn verified_at(&self) -> i64 {
        self.verified_file
            .as_ref()
            .and_then(|file| std::fs::metadata(file).ok()?.modified().ok())
            .and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok())
            .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or_default())
    }

    pub const fn session_cookie(https: bool) -> &'static str {
        if https { "__Host-handshake" } else { "handshake" }
    }
}

fn socket_address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "write an address and a port, such as 127.0.0.1:3000 or [::1]:3000".to_owned())
}

fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| "write a network such as 10.0.0.0/8 or an address such as 127.0.0.1".to_owned())
}

fn public_url(text: &str) -> Result<Url, String> {
    let url: Url = text
        .parse()
        .map_err(|_| "write an address such as https://handshake.example".to_owned())?;
    let bare = matches!(url.path(), "/" | "")
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty();
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() || !bare {
        return Err("write the bare origin, such as https://handshake.example".to_owned());
    }
    Ok(url)
}

fn smtp_url(text: &str) -> Result<String, String> {
    let url: Url = text
        .parse()
        .map_err(|_| "write an address such as smtps://mail.example:465".to_owned())?;
    if !matches!(url.scheme(), "smtp" | "smtps") || url.host().is_none() {
        return Err("write an address such as smtps://mail.example:465".to_owned());
    }
    // lettre speaks in clear unless it is told to start TLS; a name and a password never travel so unasked.
    let says_tls = url.query_pairs().any(|(key, _)| key == "tls");
    let is_here = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
        }
        None => false,
    };
    if url.scheme() == "smtp" && !says_tls && !is_here {
        let mut safe = url;
        safe.query_pairs_mut().append_pair("tls", "required");
        return Ok(safe.to_string());
    }
    let in_clear = url
        .query_pairs()
        .any(|(key, value)| key == "tls" && value == "none");
    if in_clear {
        let mut bare = url;
        bare.set_query(None);
        return Ok(bare.to_string());
    }
    Ok(text.to_owned())
}

fn certificate(path: &str) -> Result<lettre::transport::smtp::client::Certificate, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{path} cannot be read: {error}"))?;
    let is_pem = String::from_utf8_lossy(&bytes).contains("-----BEGIN CERTIFICATE-----");
    if !is_pem {
        return Err(format!("{path} is no certificate in PEM"));
    }
    lettre::transport::smtp::client::Certificate::from_pem(&bytes)
        .map_err(|error| format!("{path} is no certificate: {error}"))
}

fn mailbox(text: &str) -> Result<lettre::message::Mailbox, String> {
    text.parse()
        .map_err(|_| "write a sender such as Handshake <handshake@company.example>".to_owned())
}

/// Refuses a key that starts like ours and is none of a flag's. What Kubernetes tells every container about a
/// service called "handshake" is not meant for us.
pub fn refuse_unknown<'a>(keys: impl IntoIterator<Item = &'a str>) -> Result<(), ConfigError> {
    let command = Settings::augment_args(Storage::augment_args(clap::Command::new("handshake")));
    let known: Vec<&str> = command
        .get_arguments()
        .filter_map(|argument| argument.get_env()?.to_str())
        .collect();
    for key in keys {
        if key.starts_with("HANDSHAKE_") && !known.contains(&key) && !is_of_kubernetes(key) {
            return Err(ConfigError::Unknown { key: key.to_owned() });
        }
    }
    Ok(())
}

/// `HANDSHAKE_SERVICE_HOST`, `HANDSHAKE_PORT_3000_TCP` and their like, also of services whose names only
/// begin so.
fn is_of_kubernetes(key: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    key.ends_with("_SERVICE_HOST")
        || key.contains("_SERVICE_PORT")
        || key.ends_with("_PORT")
        || key
            .rsplit_once("_PORT_")
            .and_then(|(_, rest)| rest.split('_').next())
            .is_some_and(number)
}

/// [`refuse_unknown`] over this process's environment.
#[expect(
    clippy::disallowed_methods,
    reason = "configuration is where the environment is read"
)]
pub fn refuse_unknown_environment() -> Result<(), ConfigError> {
    let keys: Vec<String> = std::env::vars_os()
        .filter_map(|(key, _)| key.into_string().ok())
        .collect();
    refuse_unknown(keys.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use clap::{Args as _, Command, FromArgMatches as _};

    use super::*;

    #[test]
    fn an_unknown_key_is_named() {
        assert_eq!(refuse_unknown(["PATH", "HANDSHAKE_ADDR"]), Ok(()));
        assert_eq!(
            refuse_unknown(["HANDSHAKE_ADRR"]),
            Err(ConfigError::Unknown {
                key: "HANDSHAKE_ADRR".to_owned()
            })
        );
    }

    #[test]
    fn every_key_is_documented_and_known() {
        let command = Settings::augment_args(Storage::augment_args(Command::new("handshake")));
        for argument in command
            .get_arguments()
            .filter(|argument| argument.get_env().is_some())
        {
            let key = argument
                .get_env()
                .and_then(std::ffi::OsStr::to_str)
                .expect("a name");
            assert!(argument.get_help().is_some(), "{key} has no help");
            assert_eq!(refuse_unknown([key]), Ok(()), "{key}");
        }
        for key in [
            "HANDSHAKE_SERVICE_HOST",
            "HANDSHAKE_SERVICE_PORT_HTTP",
            "HANDSHAKE_PORT",
            "HANDSHAKE_PORT_3000_TCP_ADDR",
            "HANDSHAKE_STAGING_SERVICE_HOST",
        ] {
            assert_eq!(refuse_unknown([key]), Ok(()), "{key} is of Kubernetes");
        }
    }

    #[test]
    fn wrong_values_are_refused() {
        let read = |arguments: &[&str]| {
            let matches = Settings::augment_args(Command::new("handshake"))
                .try_get_matches_from(std::iter::once(&"handshake").chain(arguments))?;
            Settings::from_arg_matches(&matches)
        };
        assert!(read(&["--public-url", "https://handshake.example"]).is_ok());
        for wrong in [
            ["--public-url", "handshake.example"],
            ["--public-url", "https://handshake.example/sub"],
            ["--public-url", "ftp://handshake.example"],
            ["--addr", "localhost"],
            ["--smtp-url", "mail.example"],
            ["--trusted-proxies", "10.0.0.0/99"],
            ["--body-limit", "12"],
            ["--password-passes", "1"],
        ] {
            assert!(read(&wrong).is_err(), "{wrong:?}");
        }
        let listening = read(&["--addr", "localhost"]).err().expect("refused").to_string();
        assert!(listening.contains("such as 127.0.0.1:3000"), "{listening}");
    }

    #[test]
    fn a_proxy_is_a_network_or_one_address() {
        let read = |text: &str| {
            let matches = Settings::augment_args(Command::new("handshake")).get_matches_from([
                "handshake",
                "--trusted-proxies",
                text,
            ]);
            Settings::from_arg_matches(&matches).expect("settings")
        };
        let one = read("127.0.0.1, 10.0.0.0/8");
        assert_eq!(
            one.trusted_proxies,
            ["127.0.0.1/32", "10.0.0.0/8"].map(|net| net.parse::<IpNet>().expect("a network"))
        );
        assert!(!one.trusts_everybody());
        assert!(read("10.0.0.0/8,::/0").trusts_everybody());
    }

    #[test]
    fn an_address_is_sqlite_or_postgres() {
        let at = |url: &str| {
            Storage {
                database_url: Some(url.to_owned()),
                data: "./data".into(),
                key_file: None,
            }
            .address()
        };
        assert_eq!(at(""), Ok(Address::Sqlite("./data/handshake.db".into())));
        assert_eq!(
            at("sqlite:/var/lib/h.db"),
            Ok(Address::Sqlite("/var/lib/h.db".into()))
        );
        assert_eq!(at("sqlite://h.db"), Ok(Address::Sqlite("h.db".into())));
        assert!(matches!(at("postgres://u@h/n"), Ok(Address::Postgres(_))));
        for (url, expected) in [
            ("postgres://u@h/n", ("postgres://u@h/n", 10)),
            ("postgres://u@h/n?connections=40", ("postgres://u@h/n", 40)),
            (
                "postgres://u@h/n?sslmode=require&connections=40",
                ("postgres://u@h/n?sslmode=require", 40),
            ),
        ] {
            let (bare, connections) = super::super::db::postgres_address(url).expect("an address");
            assert_eq!((bare.as_str(), connections), expected);
        }
        for wrong in [
            "mysql://h/n",
            "h.db",
            "sqlite:",
            "postgres://u@h/n?connections=1000",
        ] {
            assert!(
                matches!(
                    at(wrong),
                    Err(ConfigError::Wrong {
                        key: "DATABASE_URL",
                        ..
                    })
                ),
                "{wrong}"
            );
        }
    }
}
