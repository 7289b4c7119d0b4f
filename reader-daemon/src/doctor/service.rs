//! What the service says of itself, of the clocks, and whether it has a copy of the passcode.

use qualification::{
    Client,
    clock::{clocks_agree, now_ms},
};

use super::{Line, trouble, visual_check::Copy};

pub(super) fn service(client: &Client) -> (Vec<Line>, Copy) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let cure = "free memory or file descriptors";
            return (vec![("service", Err(trouble(error.to_string(), cure)))], Copy::Unknown);
        }
    };
    match runtime.block_on(client.status()) {
        Ok(status) => {
            let centre = if status.centre { "reaches the centre" } else { "does not reach the centre" };
            let clock = if clocks_agree(status.service_time_ms, now_ms()) {
                Ok(format!("{} ms apart", status.service_time_ms.abs_diff(now_ms())))
            } else {
                let apart = status.service_time_ms.abs_diff(now_ms()) / 1000;
                Err(trouble(
                    format!("{apart} s apart; 60 s are allowed"),
                    "set up time synchronisation on both machines",
                ))
            };
            let answers = Ok(format!("{} answers and {centre}", status.facility.name));
            let copy = if status.visual_passcode.is_some() { Copy::There } else { Copy::None };
            (vec![("service", answers), ("clock", clock)], copy)
        }
        Err(error) => {
            let cure = "compare url, ca and certificate with what the service shows; check cable, name and firewall";
            (vec![("service", Err(trouble(error.to_string(), cure)))], Copy::Unknown)
        }
    }
}
