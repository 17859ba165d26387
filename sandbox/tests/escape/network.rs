//! Nothing in a box can reach anything outside over a network or a socket.

use std::io;
use std::net::{TcpStream, UdpSocket};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::time::Duration;

use sandbox::Wall::{Calls, Network, Rights, Root};

use crate::places::fact;
use crate::promise::Held;
use crate::promise::Place::{Bare, Naive};
use crate::{Outcome, call};

promises! {
    the_hosts_services_cannot_be_reached, broken [Bare], held Held::By(&[Network]), by || {
        Outcome::of(TcpStream::connect(format!("127.0.0.1:{}", fact("HOST_PORT"))))
    };
    the_loopback_has_no_services_at_all, broken [Bare], held Held::By(&[Network]), by || {
        let port: u16 = fact("HOST_PORT").parse().expect("a port");
        let ports = [port, 22, 53, 80, 443, 631, 2375, 3000, 5432, 6379];
        Outcome::any(ports.map(|port| Outcome::of(TcpStream::connect(("127.0.0.1", port)))))
    };
    the_metadata_address_has_no_route, broken [Bare], held Held::By(&[Network]), by || route("169.254.169.254:80");
    link_local_addresses_have_no_route, broken [Bare], held Held::By(&[Network]), by || route("169.254.1.1:80");
    the_internet_has_no_route, broken [Bare], held Held::By(&[Network]), by || route("198.51.100.1:443");
    private_networks_have_no_route, broken [Bare], held Held::By(&[Network]), by || {
        Outcome::any(["10.0.0.1:22", "172.16.0.1:22", "192.168.0.1:22"].map(route))
    };
    names_of_hosts_have_no_server_to_ask, broken [Bare, Naive], held Held::By(&[Root]), by || {
        Outcome::of(std::fs::read_to_string("/etc/resolv.conf"))
    };
    the_loopback_is_the_only_interface, broken [Bare], held Held::By(&[Network]), by || {
        let table = std::fs::read_to_string("/proc/net/dev").expect("a table");
        let names: Vec<&str> = table.lines().skip(2).filter_map(|line| line.trim().split(':').next()).collect();
        Outcome::broke_out_if(names != ["lo"], names)
    };
    abstract_sockets_of_the_host_are_not_there, broken [Bare], held Held::By(&[Network]), by || {
        Outcome::of(SocketAddr::from_abstract_name(fact("HOST_FOLDER")).and_then(|address| UnixStream::connect_addr(&address)))
    };
    sockets_of_the_host_that_are_files_are_not_there, broken [Bare, Naive], held Held::By(&[Root, Rights]), by || {
        Outcome::of(UnixStream::connect(format!("{}/socket", fact("HOST_FOLDER"))))
    };
    raw_sockets_cannot_be_made, broken [Bare, Naive], held Held::By(&[Calls, Rights, Network]), by || {
        socket(libc::AF_INET, libc::SOCK_RAW, libc::IPPROTO_ICMP)
    };
    raw_sockets_cannot_be_made_with_flags_beside_their_type, broken [Bare, Naive], held Held::By(&[Calls, Rights, Network]), by || {
        socket(libc::AF_INET6, libc::SOCK_RAW | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK, libc::IPPROTO_ICMPV6)
    };
    packet_sockets_cannot_be_made, broken [Bare, Naive], held Held::By(&[Calls, Rights, Network]), by || socket(libc::AF_PACKET, libc::SOCK_RAW, 0);
    netlink_cannot_be_used, broken [Bare, Naive], held Held::By(&[Calls, Rights, Network]), by || socket(libc::AF_NETLINK, libc::SOCK_DGRAM, 0);
    sockets_to_the_machine_around_the_host_cannot_be_made, broken [Bare, Naive], held Held::By(&[Calls, Rights, Network]), by || {
        socket(libc::AF_VSOCK, libc::SOCK_STREAM, 0)
    };
    no_other_family_of_sockets_reaches_the_kernel, broken [Bare, Naive], held Held::By(&[Calls, Rights, Network]), by || {
        let usual = [libc::AF_UNIX, libc::AF_INET, libc::AF_INET6];
        Outcome::any((0..64).filter(|family| !usual.contains(family)).map(|family| socket(family, libc::SOCK_DGRAM, 0)))
    };
    no_other_protocol_reaches_the_kernel, broken [Bare, Naive], held Held::By(&[Calls, Rights, Network]), by || {
        let protocols = [libc::IPPROTO_SCTP, libc::IPPROTO_DCCP, libc::IPPROTO_UDPLITE, libc::IPPROTO_ICMP, 262, 256];
        let kinds = [libc::SOCK_STREAM, libc::SOCK_DGRAM, libc::SOCK_SEQPACKET];
        Outcome::any(protocols.into_iter().flat_map(|protocol| kinds.map(|kind| socket(libc::AF_INET, kind, protocol))))
    };
}

/// Choosing a peer for datagrams sends nothing; it only asks for a way there.
fn route(address: &str) -> Outcome {
    let connected = || -> io::Result<()> {
        let socket = UdpSocket::bind("0.0.0.0:0")?;
        socket.set_write_timeout(Some(Duration::from_millis(100)))?;
        socket.connect(address)
    };
    Outcome::of(connected())
}

fn socket(family: i32, kind: i32, protocol: i32) -> Outcome {
    let [family, kind, protocol] = [family, kind, protocol].map(|number| number.unsigned_abs() as usize);
    call(libc::SYS_socket, [family, kind, protocol, 0, 0, 0])
}
