//! What an operator watches: figures in the text form of Prometheus.

use std::time::Duration;

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

/// A route as it is written in the list of routes, never the address that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StateLabels {
    state: &'static str,
}

pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Family<RouteLabels, Histogram>,
    writer_wait: Histogram,
    password_wait: Histogram,
    refused_sign_ins: Counter,
    connections: Gauge,
    pool: Family<StateLabels, Gauge>,
    mail: Family<StateLabels, Gauge>,
    oldest_mail: Gauge,
    log_bytes: Gauge,
    verified_at: Gauge,
}

const REQUEST_SECONDS: [f64; 9] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 15.0];
const WAIT_SECONDS: [f64; 7] = [0.001, 0.005, 0.025, 0.1, 0.5, 2.0, 5.0];

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("handshake");
        let requests = Family::default();
        registry.register("http_requests", "Requests that were answered", requests.clone());
        let request_seconds: Family<RouteLabels, Histogram> =
            Family::new_with_constructor(|| Histogram::new(REQUEST_SECONDS));
        registry.register_with_unit(
            "http_request_duration",
            "How long a request took to be answered",
            Unit::Seconds,
            request_seconds.clone(),
        );
        let mut wait = |name: &str, help: &str| {
            let histogram = Histogram::new(WAIT_SECONDS);
            registry.register_with_unit(name, help, Unit::Seconds, histogram.clone());
            histogram
        };
        let writer_wait = wait("writer_wait", "How long a change waited for its turn to write");
        let password_wait = wait("password_wait", "How long a password waited to be hashed");
        let refused_sign_ins = Counter::default();
        registry.register(
            "refused_sign_ins",
            "Sign-ins with a wrong address or password, or too many",
            refused_sign_ins.clone(),
        );
        let mut gauge = |name: &str, help: &str| {
            let gauge = Gauge::default();
            registry.register(name, help, gauge.clone());
            gauge
        };
        let connections = gauge("connections", "Connections that are open");
        let oldest_mail = gauge(
            "mail_oldest_seconds",
            "How long the oldest letter has been waiting",
        );
        let log_bytes = gauge("write_ahead_log_bytes", "The size of SQLite's write-ahead log");
        let verified_at = gauge(
            "verified_timestamp_seconds",
            "When `handshake verify` last found nothing wrong; 0 for never",
        );
        let pool = Family::default();
        registry.register(
            "database_connections",
            "Connections to the database",
            pool.clone(),
        );
        let mail = Family::default();
        registry.register("mail_letters", "Letters that were not sent yet", mail.clone());
        Self {
            registry,
            requests,
            request_seconds,
            writer_wait,
            password_wait,
            refused_sign_ins,
            connections,
            pool,
            mail,
            oldest_mail,
            log_bytes,
            verified_at,
        }
    }
}

impl Metrics {
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        // Any word is a method to HTTP; those that nothing is done with are counted as one.
        let method = match method {
            "GET" | "HEAD" | "POST" => method,
            _ => "other",
        };
        let (method, route) = (method.to_owned(), route.to_owned());
        self.request_seconds
            .get_or_create(&RouteLabels { route: route.clone() })
            .observe(took.as_secs_f64());
        self.requests
            .get_or_create(&RequestLabels {
                method,
                route,
                status,
            })
            .inc();
    }

    pub fn waited_to_write(&self, waited: Duration) {
        self.writer_wait.observe(waited.as_secs_f64());
    }

    pub fn waited_to_hash(&self, waited: Duration) {
        self.password_wait.observe(waited.as_secs_f64());
    }

    pub fn refused_sign_in(&self) {
        self.refused_sign_ins.inc();
    }

    /// One more connection, until this is dropped.
    pub fn connection(&self) -> OpenConnection {
        self.connections.inc();
        OpenConnection(self.connections.clone())
    }

    /// Sets what is not counted as it happens.
    pub fn set(&self, now: &Readings) {
        let [idle, busy] = now.database_connections;
        for (name, count) in [("idle", idle), ("busy", busy)] {
            self.pool
                .get_or_create(&StateLabels { state: name })
                .set(count.into());
        }
        for (name, count) in [
            ("waiting", now.letters_waiting),
            ("given_up", now.letters_given_up),
        ] {
            self.mail.get_or_create(&StateLabels { state: name }).set(count);
        }
        self.oldest_mail.set(now.oldest_letter_seconds);
        self.log_bytes.set(now.log_bytes);
        self.verified_at.set(now.verified_at);
    }

    /// All figures, in the text form.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if let Err(error) = encode(&mut text, &self.registry) {
            tracing::error!(error = %error, "the figures could not be written");
        }
        text
    }
}

/// What is read when somebody asks for the figures.
pub struct Readings {
    /// Idle, busy.
    pub database_connections: [u32; 2],
    pub letters_waiting: i64,
    pub letters_given_up: i64,
    pub oldest_letter_seconds: i64,
    pub log_bytes: i64,
    /// In seconds since 1970; 0 for never.
    pub verified_at: i64,
}

pub struct OpenConnection(Gauge);

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.dec();
    }
}
