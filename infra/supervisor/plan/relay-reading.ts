/**
 * How many packets of one port rtpengine reads at a time. After five times with more it never reads that port again (`MAX_RECV_LOOP_STRIKES`
 * in its daemon/media_socket.c), and with its own limit of 50 a relay that stood still for five seconds kept both sides of every call silent. What
 * a port queues by the usual settings of Linux (`net.core.rmem_default`) is below 300 packets; a flood is still given up.
 */
export const RELAY_READING = '--max-recv-iters=1000';
