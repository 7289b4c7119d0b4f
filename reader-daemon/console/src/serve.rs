//! Listening and TLS, on a thread of its own: whatever browsers do, the terminal's own event loop does not feel it.

use std::{
    collections::HashMap,
    fs, io,
    net::{IpAddr, SocketAddr, TcpListener as StdListener},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
};

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use rustls::{ServerConfig, version::TLS13};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;

use crate::{
    Terminal,
    app::{App, Peer, end, lock},
    limits::{
        ACCEPT_AGAIN, BLOCKING_THREADS, HANDSHAKE, HEAD_TIME, LEAVE, MAX_CONNECTIONS, MAX_HEAD, MAX_HOST,
        MAX_PER_ADDRESS, WRITE_TIME,
    },
    router::router,
};

/// How the console is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where. Port 0 takes any that is free.
    pub listen: SocketAddr,
    /// Host names it answers to, besides the address that was connected to.
    pub names: Vec<String>,
    /// The staff password, as [`crate::password::hash`] makes it; mode 0600.
    pub password_file: PathBuf,
    /// Needed for every address but loopback.
    pub tls: Option<Tls>,
}

/// What the console proves itself with; PEM files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The chain, its own certificate first.
    pub certificate: PathBuf,
    /// The certificate's key; mode 0600.
    pub key: PathBuf,
}

/// A console that is served; dropping it ends it within a second.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    end: watch::Sender<bool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // It ended by a panic of its own, which was printed.
            let _ = thread.join();
        }
    }
}

/// Serves from now on.
///
/// # Errors
/// An address that needs TLS without it, files that do not fit, an address that is taken; each with its cure.
pub fn serve(options: Options, terminal: Arc<dyn Terminal>) -> io::Result<Running> {
    let Options { listen, names, password_file, tls } = options;
    if !listen.ip().to_canonical().is_loopback() && tls.is_none() {
        return Err(refused(format!(
            "the console would be reached over the network at {listen} without TLS, where its password can be read; \
             listen at 127.0.0.1, or give a certificate and its key"
        )));
    }
    let names = names.into_iter().map(|name| judged(&name)).collect::<io::Result<_>>()?;
    let tls = tls.as_ref().map(acceptor).transpose()?;
    let listener = StdListener::bind(listen).map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("the console cannot listen at {listen}: {error}; end the program that does, or take another port"),
        )
    })?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS)
        .thread_name("console")
        .build()?;
    let (end, ends) = watch::channel(false);
    let app = Arc::new(App::new(terminal, password_file, names, address.port(), tls.is_some(), ends.clone()));
    let thread =
        thread::Builder::new().name("console".to_owned()).spawn(move || run(runtime, listener, tls, &app, ends))?;
    Ok(Running { address, end, thread: Some(thread) })
}

fn refused(text: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, text)
}

/// A name as browsers write it.
fn judged(name: &str) -> io::Result<String> {
    let fits = !name.is_empty()
        && name.len() <= MAX_HOST
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.');
    if fits {
        Ok(name.to_ascii_lowercase())
    } else {
        Err(refused(format!("{name:?} is no host name; write it like reception.example.jp, without port and https://")))
    }
}

/// TLS 1.3 only: every browser of this decade speaks it.
fn acceptor(tls: &Tls) -> io::Result<TlsAcceptor> {
    let file = |path: &Path, error: &dyn std::fmt::Display| {
        refused(format!("the console's TLS file {}: {error}; give a PEM file that fits", path.display()))
    };
    let chain = CertificateDer::pem_file_iter(&tls.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| file(&tls.certificate, &error))?;
    let mode = fs::metadata(&tls.key).map_err(|error| file(&tls.key, &error))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(refused(format!("others may read the console's key {}; chmod 600 it", tls.key.display())));
    }
    let key = PrivateKeyDer::from_pem_file(&tls.key).map_err(|error| file(&tls.key, &error))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .and_then(|config| config.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| file(&tls.certificate, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn run(runtime: Runtime, listener: StdListener, tls: Option<TlsAcceptor>, app: &Arc<App>, ends: watch::Receiver<bool>) {
    runtime.block_on(async {
        if let Ok(listener) = TcpListener::from_std(listener) {
            listen(listener, tls, router(app), ends).await;
        }
    });
    // What the terminal still works at is not waited for.
    runtime.shutdown_background();
}

async fn listen(listener: TcpListener, tls: Option<TlsAcceptor>, router: Router, mut ends: watch::Receiver<bool>) {
    let places = Arc::new(Mutex::new(HashMap::new()));
    let others = ends.clone();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = end(&mut ends) => break,
            accepted = listener.accept() => match accepted {
                // Beyond the bound the newcomer is turned away, not those who are served.
                Ok((stream, remote)) => if let Some(place) = Place::take(&places, remote.ip()) {
                    let (tls, router, ends) = (tls.clone(), router.clone(), others.clone());
                    connections.spawn(async move {
                        connection(stream, tls, router, ends).await;
                        drop(place);
                    });
                },
                Err(_) => sleep(ACCEPT_AGAIN).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    let _ = timeout(LEAVE, async { while connections.join_next().await.is_some() {} }).await;
    connections.abort_all();
}

/// Connections by address.
type Places = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// A place among them, given back when it is dropped.
struct Place {
    places: Places,
    address: IpAddr,
}

impl Place {
    fn take(places: &Places, address: IpAddr) -> Option<Self> {
        let mut taken = lock(places);
        let all: usize = taken.values().sum();
        let own = taken.get(&address).copied().unwrap_or(0);
        if all >= MAX_CONNECTIONS || own >= MAX_PER_ADDRESS {
            return None;
        }
        taken.insert(address, own + 1);
        Some(Self { places: Arc::clone(places), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = lock(&self.places);
        if let Some(own) = taken.get_mut(&self.address) {
            *own = own.saturating_sub(1);
        }
        taken.retain(|_, own| *own > 0);
    }
}

async fn connection(stream: TcpStream, tls: Option<TlsAcceptor>, router: Router, ends: watch::Receiver<bool>) {
    let (Ok(local), Ok(remote)) = (stream.local_addr(), stream.peer_addr()) else { return };
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIME));
    let stream = Box::pin(stream);
    let router = router.layer(Extension(Peer { remote: remote.ip(), local: local.ip() }));
    match tls {
        None => http(stream, router, ends).await,
        Some(tls) => {
            if let Ok(Ok(stream)) = timeout(HANDSHAKE, tls.accept(stream)).await {
                http(stream, router, ends).await;
            }
        }
    }
}

async fn http(stream: impl AsyncRead + AsyncWrite + Unpin, router: Router, mut ends: watch::Receiver<bool>) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = end(&mut ends) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}
