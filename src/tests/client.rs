//! A browser without JavaScript, and what it is answered.

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use scraper::{Html, Selector};
use tower::ServiceExt as _;

use super::ORIGIN;

/// Somebody with a browser that keeps one cookie.
#[derive(Clone)]
pub struct User {
    pub router: Router,
    pub cookie: Option<String>,
    pub slug: String,
}

impl User {
    /// `/w/northwind/decisions` for `decisions`; absolute paths stay.
    pub fn path(&self, path: &str) -> String {
        if path.starts_with('/') {
            path.to_owned()
        } else if path.is_empty() {
            format!("/w/{}", self.slug)
        } else {
            format!("/w/{}/{path}", self.slug)
        }
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        self.send_bytes(method, path, headers, body.into_bytes()).await
    }

    pub async fn send_bytes(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(self.path(path))
            .header(header::HOST, "handshake.test")
            .header(header::ACCEPT, "text/html");
        if method == Method::POST {
            request = request
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::CONTENT_LENGTH, body.len())
                .header(header::ORIGIN, ORIGIN);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let mut request = request.body(Body::from(body)).expect("a request");
        for (name, value) in headers {
            request.headers_mut().insert(
                header::HeaderName::from_bytes(name.as_bytes()).expect("a name"),
                value.parse().expect("a value"),
            );
        }
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
            bytes: body.to_vec(),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], String::new()).await
    }

    /// A page that must be there.
    pub async fn page(&self, path: &str) -> Answer {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        // A word of the code, which a rename can carry into a sentence.
        assert!(!answer.text().contains("viewer"), "{path}: {}", answer.text());
        answer
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, &[], encode(fields)).await
    }

    /// A form that must be taken; gives the page it leads to.
    pub async fn takes(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text());
        let location = answer.location();
        location.split(['?', '#']).next().unwrap_or_default().to_owned()
    }

    /// Sends a file as a browser does.
    pub async fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> Answer {
        let mut body = format!(
            "--x\r\ncontent-disposition: form-data; name=\"file\"; \
                filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--x--\r\n");
        self.send_bytes(
            Method::POST,
            path,
            &[("content-type", "multipart/form-data; boundary=x")],
            body,
        )
        .await
    }

    /// Signs what is at `path`, on the text shown on the signing page.
    pub async fn sign(&self, path: &str) -> Answer {
        self.give_verdict(path, &[("verdict", "agree")]).await
    }

    pub async fn give_verdict(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let digest = self.page(&format!("{path}/sign")).await.value("digest");
        let mut fields = fields.to_vec();
        fields.push(("digest", &digest));
        self.post(&format!("{path}/sign"), &fields).await
    }
}

pub fn encode(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn location(&self) -> String {
        self.headers
            .get(header::LOCATION)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    }

    /// `name=value` of the cookie that was set.
    pub fn cookie(&self) -> Option<String> {
        let set = self.headers.get(header::SET_COOKIE)?.to_str().ok()?;
        set.split(';').next().map(str::to_owned)
    }

    /// The text of the page's content.
    pub fn text(&self) -> String {
        let html = Html::parse_document(&self.body);
        let text: Vec<String> = html
            .select(&selector("main"))
            .flat_map(|main| main.text())
            .map(str::to_owned)
            .collect();
        text.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    #[track_caller]
    pub fn must_say(&self, words: &str) -> &Self {
        assert!(self.says(words), "{words:?} is not in: {}", self.text());
        self
    }

    #[track_caller]
    pub fn must_not_say(&self, words: &str) -> &Self {
        assert!(!self.says(words), "{words:?} is in: {}", self.text());
        self
    }

    #[track_caller]
    pub fn must_be(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// The value of a field of a form on the page.
    #[track_caller]
    pub fn value(&self, name: &str) -> String {
        let html = Html::parse_document(&self.body);
        let field = html
            .select(&selector(&format!("[name=\"{name}\"]")))
            .next()
            .unwrap_or_else(|| panic!("no field {name} in: {}", self.text()));
        match field.value().name() {
            "textarea" => field.text().collect::<String>(),
            "select" => html
                .select(&selector(&format!("[name=\"{name}\"] option[selected]")))
                .next()
                .and_then(|option| option.value().attr("value"))
                .unwrap_or_default()
                .to_owned(),
            _ => field.value().attr("value").unwrap_or_default().to_owned(),
        }
    }

    /// The secret of a feed, on the page that shows it once.
    #[track_caller]
    pub fn feed_secret(&self) -> String {
        let secret = self.body.split("hs_feed_").nth(1).expect("a secret");
        format!("hs_feed_{}", secret.chars().take(64).collect::<String>())
    }

    /// Where the link or button of these words leads.
    #[track_caller]
    pub fn link(&self, words: &str) -> String {
        let html = Html::parse_document(&self.body);
        let link = html
            .select(&selector("a[href]"))
            .find(|link| link.text().collect::<String>().trim() == words);
        link.and_then(|link| link.value().attr("href"))
            .unwrap_or_else(|| panic!("no link {words:?} in: {}", self.text()))
            .to_owned()
    }

    /// Where the form of the button with this label posts to.
    #[track_caller]
    pub fn action(&self, label: &str) -> String {
        let html = Html::parse_document(&self.body);
        let form = html.select(&selector("form")).find(|form| {
            form.select(&selector("button"))
                .any(|button| button.value().attr("aria-label") == Some(label))
        });
        form.and_then(|form| form.value().attr("action"))
            .unwrap_or_else(|| panic!("no button {label:?} in: {}", self.text()))
            .to_owned()
    }

    /// The first choice of a list that chooses something.
    #[track_caller]
    pub fn first_option(&self, name: &str) -> String {
        let html = Html::parse_document(&self.body);
        let options = selector(&format!("select[name=\"{name}\"] option"));
        html.select(&options)
            .filter_map(|option| option.value().attr("value"))
            .find(|value| !value.is_empty())
            .unwrap_or_else(|| panic!("nothing to choose in {name:?}: {}", self.text()))
            .to_owned()
    }

    /// The value of the choice with this label.
    pub fn option_named(&self, name: &str, label: &str) -> String {
        let html = Html::parse_document(&self.body);
        let options = selector(&format!("select[name=\"{name}\"] option"));
        html.select(&options)
            .find(|option| option.text().collect::<String>().contains(label))
            .and_then(|option| option.value().attr("value"))
            .unwrap_or_else(|| panic!("no {label:?} in {name:?}: {}", self.text()))
            .to_owned()
    }

    pub fn has(&self, css: &str) -> bool {
        Html::parse_document(&self.body)
            .select(&selector(css))
            .next()
            .is_some()
    }
}

pub fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("a selector")
}
