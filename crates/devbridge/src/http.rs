//! HTTP in, commands out.

use std::convert::Infallible;
use std::path::{Component, Path as FilePath, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures::stream::{Stream, unfold};
use serde_json::{Value, json};
use tauri::WebviewWindow;
use tauri::ipc::{CallbackFn, InvokeBody, InvokeResponseBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response};
use tauri::webview::InvokeRequest;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// That of the desktop, but for where commands go.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What requests work on.
pub(crate) struct Bridge {
    pub(crate) webview: WebviewWindow<MockRuntime>,
    pub(crate) events: broadcast::Sender<String>,
    pub(crate) page: PathBuf,
}

pub(crate) fn routes(bridge: Arc<Bridge>) -> Router {
    Router::new()
        .route("/invoke/{command}", post(invoke))
        .route("/events", get(events))
        .fallback(get(page))
        .layer(middleware::from_fn(only_our_page))
        .with_state(bridge)
}

/// Another site's page, or a name that resolves to this machine, gets nothing.
async fn only_our_page(request: Request, next: Next) -> Response {
    if is_ours(request.headers()) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let local = |host: &str| {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        name == "127.0.0.1" || name == "localhost"
    };
    let host = text(HOST).is_some_and(local);
    let origin =
        text(ORIGIN).is_none_or(|origin| origin.strip_prefix("http://").is_some_and(local));
    host && origin
}

async fn invoke(
    State(bridge): State<Arc<Bridge>>,
    Path(command): Path<String>,
    axum::Json(arguments): axum::Json<Value>,
) -> Response {
    let Ok(url) = "tauri://localhost".parse() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let request = InvokeRequest {
        cmd: command,
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url,
        body: InvokeBody::Json(arguments),
        headers: HeaderMap::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    let answered = tokio::task::spawn_blocking(move || get_ipc_response(&bridge.webview, request));
    match answered.await {
        Ok(Ok(InvokeResponseBody::Json(json))) => {
            ([(CONTENT_TYPE, "application/json")], json).into_response()
        }
        Ok(Ok(InvokeResponseBody::Raw(bytes))) => bytes.into_response(),
        Ok(Err(error)) => (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(error)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn events(
    State(bridge): State<Arc<Bridge>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let hear = bridge.events.subscribe();
    Sse::new(unfold(hear, |mut hear| async {
        loop {
            match hear.recv().await {
                Ok(payload) => {
                    let payload: Value = serde_json::from_str(&payload).unwrap_or(Value::Null);
                    let event = json!({ "event": "notice", "payload": payload });
                    return Some((Ok(Event::default().data(event.to_string())), hear));
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    }))
}

async fn page(State(bridge): State<Arc<Bridge>>, request: Request) -> Response {
    let asked = request.uri().path().trim_start_matches('/');
    let asked = if asked.is_empty() {
        "index.html"
    } else {
        asked
    };
    let inside = FilePath::new(asked)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let Some(kind) = kind_of(asked).filter(|_| inside) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let path = bridge.page.join(asked);
    match tokio::task::spawn_blocking(move || std::fs::read(path)).await {
        Ok(Ok(bytes)) => (
            [(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, POLICY)],
            Body::from(bytes),
        )
            .into_response(),
        Ok(Err(_)) | Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn kind_of(name: &str) -> Option<&'static str> {
    Some(match name.rsplit('.').next()? {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript",
        "css" => "text/css",
        "woff2" => "font/woff2",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_page_of_another_site_and_another_name_get_nothing() {
        let ours = |host: &'static str, origin: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static(host));
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_static(origin));
            }
            is_ours(&headers)
        };
        assert!(ours("127.0.0.1:7890", None));
        assert!(ours("localhost:7890", Some("http://localhost:5173")));
        assert!(!ours("127.0.0.1:7890", Some("https://example.org")));
        assert!(!ours(
            "127.0.0.1:7890",
            Some("http://127.0.0.1.example.org")
        ));
        assert!(!ours("example.org", None));
    }
}
