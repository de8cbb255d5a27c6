//! A small HTTP client: no redirects followed, no status is an error, no cookie kept.

use std::sync::LazyLock;
use std::time::Duration;

use serde_json::Value;
use ureq::{Agent, http};

static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_idle_connections_per_host(64)
        .timeout_global(Some(Duration::from_mins(1)))
        .build()
        .into()
});

/// A request to be sent.
#[derive(Clone, Debug)]
#[must_use]
pub struct Call {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

/// What came back.
#[derive(Clone, Debug)]
#[must_use = "a status that nobody looks at hides a failure"]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// All headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

/// A GET request.
pub fn get(url: &str) -> Call {
    call("GET", url)
}

/// A POST request.
pub fn post(url: &str) -> Call {
    call("POST", url)
}

/// A request of any method.
pub fn call(method: &str, url: &str) -> Call {
    Call { method: method.into(), url: url.into(), headers: Vec::new(), body: None }
}

impl Call {
    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets a JSON body with its content type.
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string().into_bytes())
    }

    /// Sets a JSON body the way a beacon sends it: as plain text.
    pub fn beacon(self, body: &Value) -> Self {
        self.header("content-type", "text/plain").body(body.to_string().into_bytes())
    }

    /// Sets the body.
    pub fn body(mut self, body: Vec<u8>) -> Self {
        self.body = Some(body);
        self
    }

    /// Sends it and panics when no answer comes.
    #[track_caller]
    pub fn send(&self) -> Answer {
        match self.attempt() {
            Ok(answer) => answer,
            Err(error) => panic!("{} {}: {error}", self.method, self.url),
        }
    }

    /// Sends it; the server may be gone.
    pub fn attempt(&self) -> Result<Answer, ureq::Error> {
        let mut request = http::Request::builder().method(self.method.as_str()).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let mut response = match &self.body {
            Some(body) => AGENT.run(request.body(body.as_slice())?)?,
            None => AGENT.run(request.body(())?)?,
        };
        let bytes = response.body_mut().with_config().limit(64 << 20).read_to_vec()?;
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into();
        Ok(Answer {
            status: response.status().as_u16(),
            headers: (response.headers().iter())
                .map(|(name, value)| (name.as_str().into(), text(value)))
                .collect(),
            bytes,
        })
    }
}

impl Answer {
    /// The first header of a name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// Every header of a name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(it, _)| it == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_slice(&self.bytes) {
            Ok(value) => value,
            Err(error) => panic!("{error} in an answer {}: {}", self.status, self.text()),
        }
    }

    /// Itself if the status is the one that was expected.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}
