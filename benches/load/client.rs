//! The server under load, and connections to it.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::Instant,
};

pub struct Server {
    child: std::process::Child,
    pub address: String,
    pub started_in: Duration,
}

impl Server {
    pub fn start(program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        use std::io::BufRead as _;
        let before = Instant::now();
        let mut child = Command::new(program)
            .args(arguments)
            .envs(environment.iter().copied())
            .env("HANDSHAKE_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut lines = std::io::BufReader::new(child.stdout.take().expect("its output")).lines();
        let address = loop {
            let line = lines.next().expect("an address").expect("text");
            if let Some(rest) = line.strip_prefix("Handshake is at http://") {
                break rest.split(' ').next().unwrap_or_default().to_owned();
            }
        };
        // The first answer, not the first line.
        loop {
            use std::io::{Read as _, Write as _};
            if let Ok(mut socket) = std::net::TcpStream::connect(&address) {
                let _ = socket.write_all(b"GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
                let mut answer = String::new();
                if socket.read_to_string(&mut answer).is_ok() && !answer.is_empty() {
                    break;
                }
            }
        }
        Self {
            child,
            address,
            started_in: before.elapsed(),
        }
    }

    pub fn resident_megabytes(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let kilobytes = status.lines().find_map(|line| {
            line.strip_prefix("VmRSS:")?
                .trim()
                .strip_suffix(" kB")?
                .trim()
                .parse::<f64>()
                .ok()
        });
        kilobytes.unwrap_or_default() / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// One keep-alive connection.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    pub async fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("connected");
        stream.set_nodelay(true).expect("set");
        Self {
            stream,
            buffer: Vec::with_capacity(1 << 20),
        }
    }

    /// Sends one request and reads its answer: status, headers and body.
    pub async fn ask(&mut self, request: &str) -> (u16, usize) {
        self.stream.write_all(request.as_bytes()).await.expect("sent");
        self.buffer.clear();
        let mut chunk = vec![0; 65536];
        let (head, length, is_chunked) = loop {
            let read = self.stream.read(&mut chunk).await.expect("read");
            assert!(read > 0, "the server closed the connection");
            self.buffer.extend_from_slice(&chunk[..read]);
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&self.buffer[..end]).to_lowercase();
                let length = head.lines().find_map(|line| {
                    line.strip_prefix("content-length: ")?
                        .trim()
                        .parse::<usize>()
                        .ok()
                });
                break (
                    end + 4,
                    length.unwrap_or(0),
                    head.contains("transfer-encoding: chunked"),
                );
            }
        };
        // What is coded while it is sent ends with an empty chunk.
        while is_chunked && !self.buffer.ends_with(b"\r\n0\r\n\r\n") {
            let read = self.stream.read(&mut chunk).await.expect("read");
            assert!(read > 0, "the server closed the connection");
            self.buffer.extend_from_slice(&chunk[..read]);
        }
        while self.buffer.len() < head + length {
            let read = self.stream.read(&mut chunk).await.expect("read");
            assert!(read > 0, "the server closed the connection");
            self.buffer.extend_from_slice(&chunk[..read]);
        }
        let status = String::from_utf8_lossy(&self.buffer[9..12]).parse().unwrap_or(0);
        (status, length)
    }

    pub fn answer(&self) -> String {
        String::from_utf8_lossy(&self.buffer).into_owned()
    }
}

pub fn get(path: &str, cookie: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\ncookie: {cookie}\r\n\r\n")
}

/// What a browser offers to take.
pub const CODINGS: &str = "gzip, deflate, br, zstd";

pub fn get_coded(path: &str, cookie: &str, codings: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\naccept-encoding: {codings}\r\ncookie: \
            {cookie}\r\n\r\n"
    )
}

pub fn post(path: &str, cookie: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\ncookie: {cookie}\r\ncontent-type: \
            application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}
