//! Who is asking: a reviewer by their sign-in, a candidate by the cookie of this very interview.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use app::shell::cookies;
use axum::extract::{ConnectInfo, FromRef, FromRequestParts, RawPathParams, Request, State};
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use interview::InterviewId;
use interview::masking::Viewer;
use service::Service;
use service::accounts::ClientAddress;
use service::ports::catalog::{Account, Interview};

use crate::problem::Problem;

/// How many proxies of the operator's own a request passes before it is here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Proxies(pub u32);

/// Notes where a request comes from, for whoever counts.
pub async fn note_client_address(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let peer = peer.unwrap_or_else(|| Ipv4Addr::UNSPECIFIED.into());
    let client = forwarded(request.headers(), proxies).unwrap_or(peer);
    request.extensions_mut().insert(ClientAddress::from(client));
    next.run(request).await
}

/// The client's address as the outermost of our proxies saw it. What stands before it anybody may have written.
fn forwarded(headers: &HeaderMap, proxies: Proxies) -> Option<IpAddr> {
    let place = usize::try_from(proxies.0.checked_sub(1)?).ok()?;
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let addresses: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    addresses.iter().rev().nth(place)?.parse().ok()
}

/// The value of a cookie in these headers.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(|header| cookies::find(header, name))
}

/// A signed-in reviewer.
pub struct Reviewer(pub Account);

impl<S: Send + Sync> FromRequestParts<S> for Reviewer
where
    Arc<Service>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let service = Arc::<Service>::from_ref(state);
        let account = reviewer(&service, &parts.headers).await?;
        account.map(Self).ok_or_else(|| Problem::unauthorised("sign in to do this"))
    }
}

async fn reviewer(service: &Service, headers: &HeaderMap) -> Result<Option<Account>, Problem> {
    match cookie(headers, cookies::LOGIN) {
        Some(token) => Ok(service.accounts.who(token).await?),
        None => Ok(None),
    }
}

/// The candidate of the interview in the path.
pub struct Candidate(pub Interview);

impl<S: Send + Sync> FromRequestParts<S> for Candidate
where
    Arc<Service>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let service = Arc::<Service>::from_ref(state);
        let id = interview_in(parts, state).await?;
        match candidate(&service, &parts.headers, &id).await? {
            Some(interview) => Ok(Self(interview)),
            None => Err(stranger(&parts.headers)),
        }
    }
}

async fn candidate(service: &Service, headers: &HeaderMap, id: &InterviewId) -> Result<Option<Interview>, Problem> {
    match cookie(headers, &cookies::candidate(id.as_str())) {
        Some(token) => Ok(service.interviews.enter(id, token).await?),
        None => Ok(None),
    }
}

fn stranger(headers: &HeaderMap) -> Problem {
    if headers.contains_key(COOKIE) {
        Problem::forbidden("this interview is not yours; open the link you were sent again")
    } else {
        Problem::unauthorised("open the link you were sent to enter this interview")
    }
}

async fn interview_in<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<InterviewId, Problem> {
    let unknown = || Problem::not_found("there is no such interview");
    let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| unknown())?;
    let id = params.iter().find(|(name, _)| *name == "id").map(|(_, value)| value.to_owned()).ok_or_else(unknown)?;
    InterviewId::parse(id).map_err(|_| unknown())
}

/// Somebody who may read the interview in the path: its candidate, or a reviewer.
pub struct Reader {
    /// Which.
    pub interview: Interview,
    /// As whom.
    pub viewer: Viewer,
}

impl<S: Send + Sync> FromRequestParts<S> for Reader
where
    Arc<Service>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let service = Arc::<Service>::from_ref(state);
        let id = interview_in(parts, state).await?;
        if reviewer(&service, &parts.headers).await?.is_some() {
            let interview = service.interviews.find(&id).await?;
            let interview = interview.ok_or_else(|| Problem::not_found("there is no such interview"))?;
            return Ok(Self { interview, viewer: Viewer::Reviewer });
        }
        match candidate(&service, &parts.headers, &id).await? {
            Some(interview) => Ok(Self { interview, viewer: Viewer::Candidate }),
            None => Err(stranger(&parts.headers)),
        }
    }
}

/// The interview in the path, for a reviewer.
pub struct Reviewed(pub Interview);

impl<S: Send + Sync> FromRequestParts<S> for Reviewed
where
    Arc<Service>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Reviewer(_) = Reviewer::from_request_parts(parts, state).await?;
        let service = Arc::<Service>::from_ref(state);
        let id = interview_in(parts, state).await?;
        let interview = service.interviews.find(&id).await?;
        interview.map(Self).ok_or_else(|| Problem::not_found("there is no such interview"))
    }
}
