//! Listening, TLS 1.3 with client certificates, and the cable that can be pulled.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use rustls::{
    RootCertStore, ServerConfig,
    server::{VerifierBuilderError, WebPkiClientVerifier},
    version::TLS13,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, Semaphore},
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    controls::Controls,
    limits::{HANDSHAKE, IDLE, LINGER, MAX_CONNECTIONS, MAX_HEAD},
    pki::{ServiceCertificate, terminal_of},
    service::Peer,
};

/// TLS as the protocol wants it: 1.3 only, a client certificate of our own CA required.
pub(crate) fn tls(certificate: ServiceCertificate) -> anyhow::Result<TlsAcceptor> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(certificate.client_issuer)?;
    let clients: Result<_, VerifierBuilderError> =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build();
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])?
        .with_client_cert_verifier(clients?)
        .with_single_cert(certificate.chain, certificate.key)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Serves until the task is aborted. While the cable is out nothing listens and nothing is connected.
pub(crate) async fn serve(listener: TcpListener, tls: TlsAcceptor, router: Router, controls: Arc<Controls>) {
    let Ok(address) = listener.local_addr() else { return };
    let mut link = controls.link_wanted();
    let mut listener = Some(listener);
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let listening = match listener.take() {
            Some(listening) => listening,
            None => bind_again(address).await,
        };
        controls.link_is(true);
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                pulled = link.wait_for(|up| !up) => {
                    if pulled.is_err() {
                        return;
                    }
                    break;
                }
                Ok((stream, _)) = listening.accept() => {
                    // Beyond the bound the newcomer is turned away, not those who are served.
                    if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
                        let (tls, router) = (tls.clone(), router.clone());
                        connections.spawn(async move {
                            connection(stream, tls, router).await;
                            drop(place);
                        });
                    }
                }
                Some(_) = connections.join_next() => {}
            }
        }
        drop(listening);
        connections.shutdown().await;
        controls.link_is(false);
        if link.wait_for(|up| *up).await.is_err() {
            return;
        }
    }
}

/// The port was ours a moment ago; it may take the system a little to give it back.
async fn bind_again(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn connection(stream: TcpStream, tls: TlsAcceptor, router: Router) {
    let _ = stream.set_nodelay(true);
    let accepted = match timeout(HANDSHAKE, tls.accept(stream).into_fallible()).await {
        Ok(Ok(accepted)) => accepted,
        Ok(Err((_, stream))) => return linger(stream).await,
        Err(_) => return,
    };
    let certificate = accepted.get_ref().1.peer_certificates().and_then(|chain| chain.first());
    let Some(terminal) = certificate.and_then(|certificate| terminal_of(certificate)) else { return };
    let cut = Arc::new(Notify::new());
    let peer = Peer { terminal: terminal.into(), cut: Arc::clone(&cut) };
    let service = TowerToHyperService::new(router.layer(Extension(peer)));
    let http = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(accepted), service);
    tokio::select! {
        _ = http => {}
        () = cut.notified() => {}
    }
}

/// The alert that says why is only read if the peer's data was read before the connection ends.
async fn linger(mut stream: TcpStream) {
    let drain = async {
        stream.shutdown().await?;
        let mut rest = [0; 1024];
        while stream.read(&mut rest).await? > 0 {}
        io::Result::Ok(())
    };
    let _ = timeout(LINGER, drain).await;
}
