package org.twinkeep.twin.kurrentdb;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.kurrent.dbclient.proto.gossip.GossipGrpc;
import io.kurrent.dbclient.proto.gossip.GossipOuterClass;
import io.kurrent.dbclient.proto.serverfeatures.ServerFeaturesGrpc;
import io.kurrent.dbclient.proto.serverfeatures.Serverfeatures;
import io.kurrent.dbclient.proto.shared.Shared;
import io.kurrent.dbclient.proto.streams.StreamsGrpc;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.AppendReq;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.AppendResp;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadReq;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadResp;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.TombstoneReq;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.TombstoneResp;
import io.kurrentdb.protocol.v2.streams.AppendRequest;
import io.kurrentdb.protocol.v2.streams.AppendResponse;
import io.kurrentdb.protocol.v2.streams.AppendSessionResponse;
import io.kurrentdb.protocol.v2.streams.StreamsServiceGrpc;
import io.kurrentdb.protocol.v2.streams.errors.StreamRevisionConflictErrorDetails;
import io.kurrentdb.protocol.v2.streams.errors.StreamTombstonedErrorDetails;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.twinkeep.twin.kurrentdb.WireLog.Append;
import org.twinkeep.twin.kurrentdb.WireLog.Deleted;
import org.twinkeep.twin.kurrentdb.WireLog.Proposed;
import org.twinkeep.twin.kurrentdb.WireLog.Stored;
import org.twinkeep.twin.kurrentdb.WireLog.WrongVersion;

/**
 * A server that speaks KurrentDB's protocol on loopback, as one node or as one of a cluster that share a log, and does
 * wrong what it is told to. It serves what Twinkeep asks: appends to one stream and to several, reads, tombstones, gossip.
 */
public final class WireServer implements AutoCloseable {

    /** The client of 1.1.0 reads the ports in a list of hosts as numbers of 16 bits with a sign. */
    private static final int FIRST_PORT = 20_000;

    private static final int LAST_PORT = 32_000;

    private static final Metadata.Key<String> REQUIRES_LEADER = key("requires-leader");

    private final WireLog log;
    private final Cluster cluster;
    private final Queue<Fault> appends = new ConcurrentLinkedQueue<>();
    private final Queue<Fault> reads = new ConcurrentLinkedQueue<>();
    private final Server server;

    /** The nodes, and which of them leads. */
    private static final class Cluster {
        private final List<WireServer> nodes = new ArrayList<>();
        private @Nullable WireServer leader;
    }

    private WireServer(WireLog log, Cluster cluster) throws IOException {
        this.log = log;
        this.cluster = cluster;
        this.server = start();
        synchronized (cluster) {
            cluster.nodes.add(this);
            if (cluster.leader == null) {
                cluster.leader = this;
            }
        }
    }

    /** A node alone. */
    public static WireServer alone() throws IOException {
        return new WireServer(new WireLog(), new Cluster());
    }

    /** Another node of the same cluster, which follows. */
    public WireServer another() throws IOException {
        return new WireServer(log, cluster);
    }

    private Server start() throws IOException {
        IOException taken = new IOException("no port");
        for (int attempt = 0; attempt < 50; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try {
                return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                        .addService(new Streams())
                        .addService(new SeveralStreams())
                        .addService(new Features())
                        .addService(new Gossip())
                        .intercept(new LeaderOnly())
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build()
                        .start();
            } catch (IOException e) {
                taken = e;
            }
        }
        throw taken;
    }

    /** How a client reaches the nodes that there are. */
    public String connectionString() {
        synchronized (cluster) {
            var hosts = cluster.nodes.stream()
                    .map(node -> "127.0.0.1:" + node.server.getPort())
                    .toList();
            return "kurrentdb://" + String.join(",", hosts) + "?tls=false&discoveryInterval=20";
        }
    }

    /** From now on this node leads. */
    public void lead() {
        synchronized (cluster) {
            cluster.leader = this;
        }
    }

    /** The next call of that kind goes wrong so; told twice, the next two. */
    public void next(Fault fault) {
        (fault.isOfReads() ? reads : appends).add(fault);
    }

    /** How many faults have not happened yet. */
    public int outstanding() {
        return reads.size() + appends.size();
    }

    /** Appends as another client would, whatever the stream's revision is. */
    void intrude(String stream, String type, byte[] data) throws Exception {
        log.append(List.of(
                new Append(stream, WireLog.ANY, List.of(new Proposed(UUID.randomUUID(), type, data, new byte[0])))));
    }

    /** Every record's stream, type and bytes, as a curious operator sees them. */
    List<Stored> records() {
        return log.all();
    }

    /** Breaks every call under way and takes no more. */
    @Override
    public void close() {
        server.shutdownNow();
        synchronized (cluster) {
            cluster.nodes.remove(this);
            if (cluster.leader == this) {
                cluster.leader = cluster.nodes.isEmpty() ? null : cluster.nodes.getFirst();
            }
        }
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private static StatusRuntimeException failure(Status status, Map<String, String> trailers) {
        var metadata = new Metadata();
        trailers.forEach((name, value) -> metadata.put(key(name), value));
        return status.asRuntimeException(metadata);
    }

    private static StatusRuntimeException deleted(String stream) {
        return failure(Status.FAILED_PRECONDITION, Map.of("exception", "stream-deleted", "stream-name", stream));
    }

    private static StatusRuntimeException dropped() {
        return Status.UNAVAILABLE.withDescription("dropped").asRuntimeException();
    }

    private static void checkSize(List<Proposed> events) {
        if (events.stream().anyMatch(event -> event.data().length > WireLog.MOST_IN_A_RECORD)) {
            throw failure(
                    Status.INVALID_ARGUMENT,
                    Map.of("exception", "maximum-append-size-exceeded", "maximum-append-size", "1048576"));
        }
    }

    /** A follower sends away whoever wants the leader. */
    private final class LeaderOnly implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            synchronized (cluster) {
                var leader = cluster.leader;
                if (leader != WireServer.this
                        && leader != null
                        && "true".equalsIgnoreCase(headers.get(REQUIRES_LEADER))
                        && call.getMethodDescriptor().getFullMethodName().contains("treams")) {
                    var trailers = new Metadata();
                    trailers.put(key("exception"), "not-leader");
                    trailers.put(key("leader-endpoint-host"), "127.0.0.1");
                    trailers.put(key("leader-endpoint-port"), String.valueOf(leader.server.getPort()));
                    call.close(Status.NOT_FOUND, trailers);
                    return new ServerCall.Listener<>() {};
                }
            }
            return next.startCall(call, headers);
        }
    }

    private final class Features extends ServerFeaturesGrpc.ServerFeaturesImplBase {
        @Override
        public void getSupportedMethods(Shared.Empty request, StreamObserver<Serverfeatures.SupportedMethods> answer) {
            answer.onNext(Serverfeatures.SupportedMethods.newBuilder()
                    .setEventStoreServerVersion("26.1.0")
                    .addMethods(Serverfeatures.SupportedMethod.newBuilder()
                            .setServiceName("kurrentdb.protocol.v2.streams.streamsservice")
                            .setMethodName("appendsession"))
                    .build());
            answer.onCompleted();
        }
    }

    private final class Gossip extends GossipGrpc.GossipImplBase {
        @Override
        public void read(Shared.Empty request, StreamObserver<GossipOuterClass.ClusterInfo> answer) {
            var info = GossipOuterClass.ClusterInfo.newBuilder();
            synchronized (cluster) {
                for (var node : cluster.nodes) {
                    info.addMembers(GossipOuterClass.MemberInfo.newBuilder()
                            .setIsAlive(true)
                            .setState(
                                    node == cluster.leader
                                            ? GossipOuterClass.MemberInfo.VNodeState.Leader
                                            : GossipOuterClass.MemberInfo.VNodeState.Follower)
                            .setHttpEndPoint(GossipOuterClass.EndPoint.newBuilder()
                                    .setAddress("127.0.0.1")
                                    .setPort(node.server.getPort())));
                }
            }
            answer.onNext(info.build());
            answer.onCompleted();
        }
    }

    /** Gathers what a client streams and answers at its end. */
    private abstract static class Gathering<Q> implements StreamObserver<Q> {
        final List<Q> parts = new ArrayList<>();

        @Override
        public void onNext(Q part) {
            parts.add(part);
        }

        @Override
        public void onError(Throwable cancelled) {
            parts.clear();
        }
    }

    private final class Streams extends StreamsGrpc.StreamsImplBase {
        @Override
        public StreamObserver<AppendReq> append(StreamObserver<AppendResp> answer) {
            return new Gathering<>() {
                @Override
                public void onCompleted() {
                    try {
                        append(parts, answer);
                    } catch (RuntimeException e) {
                        answer.onError(e);
                    }
                }
            };
        }

        private void append(List<AppendReq> parts, StreamObserver<AppendResp> answer) {
            var fault = appends.poll();
            if (fault == Fault.DROP_BEFORE_COMMIT) {
                throw dropped();
            }
            var options = parts.getFirst().getOptions();
            var name = options.getStreamIdentifier().getStreamName().toStringUtf8();
            long expected = switch (options.getExpectedStreamRevisionCase()) {
                case REVISION -> options.getRevision();
                case NO_STREAM -> WireLog.NO_STREAM;
                case STREAM_EXISTS -> WireLog.EXISTS;
                case ANY, EXPECTEDSTREAMREVISION_NOT_SET -> WireLog.ANY;
            };
            var events = parts.stream()
                    .skip(1)
                    .map(AppendReq::getProposedMessage)
                    .map(message -> new Proposed(
                            new UUID(
                                    message.getId().getStructured().getMostSignificantBits(),
                                    message.getId().getStructured().getLeastSignificantBits()),
                            message.getMetadataOrThrow("type"),
                            message.getData().toByteArray(),
                            message.getCustomMetadata().toByteArray()))
                    .toList();
            checkSize(events);
            try {
                var kept =
                        log.append(List.of(new Append(name, expected, events))).getFirst();
                if (fault == Fault.DROP_AFTER_COMMIT) {
                    throw dropped();
                }
                if (fault == Fault.SILENCE_AFTER_COMMIT) {
                    return;
                }
                answer.onNext(AppendResp.newBuilder()
                        .setSuccess(AppendResp.Success.newBuilder()
                                .setCurrentRevision(kept.revision())
                                .setPosition(AppendResp.Position.newBuilder()
                                        .setCommitPosition(kept.position())
                                        .setPreparePosition(kept.position())))
                        .build());
            } catch (WrongVersion e) {
                answer.onNext(wrong(e));
            } catch (Deleted e) {
                throw deleted(e.stream);
            }
            answer.onCompleted();
        }

        private static AppendResp wrong(WrongVersion e) {
            var wrong = AppendResp.WrongExpectedVersion.newBuilder();
            if (e.current < 0) {
                wrong.setCurrentNoStream(Shared.Empty.getDefaultInstance());
            } else {
                wrong.setCurrentRevision(e.current);
            }
            long expected = e.append.expected();
            if (expected == WireLog.NO_STREAM) {
                wrong.setExpectedNoStream(Shared.Empty.getDefaultInstance());
            } else if (expected >= 0) {
                wrong.setExpectedRevision(expected);
            }
            return AppendResp.newBuilder().setWrongExpectedVersion(wrong).build();
        }

        @Override
        public void tombstone(TombstoneReq request, StreamObserver<TombstoneResp> answer) {
            var name =
                    request.getOptions().getStreamIdentifier().getStreamName().toStringUtf8();
            try {
                long position = log.tombstone(name);
                answer.onNext(TombstoneResp.newBuilder()
                        .setPosition(TombstoneResp.Position.newBuilder()
                                .setCommitPosition(position)
                                .setPreparePosition(position))
                        .build());
                answer.onCompleted();
            } catch (Deleted e) {
                answer.onError(deleted(e.stream));
            }
        }

        @Override
        public void read(ReadReq request, StreamObserver<ReadResp> answer) {
            var fault = reads.poll();
            if (fault == Fault.CANCELLED_READ) {
                answer.onError(Status.CANCELLED.asRuntimeException());
                return;
            }
            var options = request.getOptions();
            try {
                var found = options.hasAll() ? all(options) : stream(options);
                if (found == null) {
                    answer.onNext(ReadResp.newBuilder()
                            .setStreamNotFound(ReadResp.StreamNotFound.newBuilder()
                                    .setStreamIdentifier(options.getStream().getStreamIdentifier()))
                            .build());
                    answer.onCompleted();
                    return;
                }
                send(found, fault, answer);
            } catch (Deleted e) {
                answer.onError(deleted(e.stream));
            }
        }

        private void send(List<Stored> found, @Nullable Fault fault, StreamObserver<ReadResp> answer) {
            for (var stored : found) {
                answer.onNext(event(stored));
                if (fault == Fault.DOUBLED_READ) {
                    answer.onNext(event(stored));
                } else if (fault == Fault.STALLED_READ) {
                    return;
                } else if (fault == Fault.BROKEN_READ) {
                    answer.onError(dropped());
                    return;
                }
            }
            answer.onCompleted();
        }

        private static boolean backwards(ReadReq.Options options) {
            return options.getReadDirection() == ReadReq.Options.ReadDirection.Backwards;
        }

        private @Nullable List<Stored> stream(ReadReq.Options options) throws Deleted {
            var asked = options.getStream();
            var stream = log.stream(asked.getStreamIdentifier().getStreamName().toStringUtf8());
            if (stream == null) {
                return null;
            }
            if (backwards(options)) {
                long from = asked.hasRevision() ? asked.getRevision() : asked.hasStart() ? 0 : Long.MAX_VALUE;
                return stream.reversed().stream()
                        .filter(stored -> stored.revision() <= from)
                        .limit(options.getCount())
                        .toList();
            }
            long from = asked.hasRevision() ? asked.getRevision() : asked.hasStart() ? 0 : Long.MAX_VALUE;
            return stream.stream()
                    .filter(stored -> stored.revision() >= from)
                    .limit(options.getCount())
                    .toList();
        }

        /** A position that is no record's start is refused, as the server does it. */
        private List<Stored> all(ReadReq.Options options) {
            var asked = options.getAll();
            var all = log.all();
            if (asked.hasPosition()
                    && all.stream()
                            .noneMatch(stored ->
                                    stored.position() == asked.getPosition().getCommitPosition())) {
                throw failure(Status.INVALID_ARGUMENT, Map.of("exception", "invalid-position"));
            }
            if (backwards(options)) {
                long before = asked.hasPosition() ? asked.getPosition().getCommitPosition() : Long.MAX_VALUE;
                return all.reversed().stream()
                        .filter(stored -> stored.position() < before)
                        .limit(options.getCount())
                        .toList();
            }
            long from =
                    asked.hasPosition() ? asked.getPosition().getCommitPosition() : asked.hasEnd() ? Long.MAX_VALUE : 0;
            return all.stream()
                    .filter(stored -> stored.position() >= from)
                    .limit(options.getCount())
                    .toList();
        }

        private static ReadResp event(Stored stored) {
            var event = stored.event();
            return ReadResp.newBuilder()
                    .setEvent(ReadResp.ReadEvent.newBuilder()
                            .setCommitPosition(stored.position())
                            .setEvent(ReadResp.ReadEvent.RecordedEvent.newBuilder()
                                    .setId(Shared.UUID
                                            .newBuilder()
                                            .setStructured(Shared.UUID
                                                    .Structured
                                                    .newBuilder()
                                                    .setMostSignificantBits(
                                                            event.id().getMostSignificantBits())
                                                    .setLeastSignificantBits(
                                                            event.id().getLeastSignificantBits())))
                                    .setStreamIdentifier(Shared.StreamIdentifier.newBuilder()
                                            .setStreamName(ByteString.copyFromUtf8(stored.stream())))
                                    .setStreamRevision(stored.revision())
                                    .setCommitPosition(stored.position())
                                    .setPreparePosition(stored.position())
                                    .putMetadata("type", event.type())
                                    .putMetadata("content-type", "application/octet-stream")
                                    .putMetadata("created", "0")
                                    .setCustomMetadata(ByteString.copyFrom(event.metadata()))
                                    .setData(ByteString.copyFrom(event.data()))))
                    .build();
        }
    }

    private final class SeveralStreams extends StreamsServiceGrpc.StreamsServiceImplBase {
        @Override
        public StreamObserver<AppendRequest> appendSession(StreamObserver<AppendSessionResponse> answer) {
            return new Gathering<>() {
                @Override
                public void onCompleted() {
                    try {
                        append(parts, answer);
                    } catch (RuntimeException e) {
                        answer.onError(e);
                    }
                }
            };
        }

        private void append(List<AppendRequest> parts, StreamObserver<AppendSessionResponse> answer) {
            var fault = appends.poll();
            if (fault == Fault.DROP_BEFORE_COMMIT) {
                throw dropped();
            }
            var asked = parts.stream()
                    .map(part -> new Append(
                            part.getStream(),
                            part.getExpectedRevision(),
                            part.getRecordsList().stream()
                                    .map(record -> new Proposed(
                                            UUID.fromString(record.getRecordId()),
                                            record.getSchema().getName(),
                                            record.getData().toByteArray(),
                                            new byte[0]))
                                    .toList()))
                    .toList();
            asked.forEach(append -> checkSize(append.events()));
            try {
                var kept = log.append(asked);
                if (fault == Fault.DROP_AFTER_COMMIT) {
                    throw dropped();
                }
                if (fault == Fault.SILENCE_AFTER_COMMIT) {
                    return;
                }
                var response = AppendSessionResponse.newBuilder()
                        .setPosition(kept.getLast().position());
                for (int i = 0; i < kept.size(); i++) {
                    response.addOutput(AppendResponse.newBuilder()
                            .setStream(asked.get(i).stream())
                            .setStreamRevision(kept.get(i).revision()));
                }
                answer.onNext(response.build());
                answer.onCompleted();
            } catch (WrongVersion e) {
                throw detailed(Any.pack(StreamRevisionConflictErrorDetails.newBuilder()
                        .setStream(e.append.stream())
                        .setExpectedRevision(e.append.expected())
                        .setActualRevision(e.current)
                        .build()));
            } catch (Deleted e) {
                throw detailed(Any.pack(StreamTombstonedErrorDetails.newBuilder()
                        .setStream(e.stream)
                        .build()));
            }
        }

        private static StatusRuntimeException detailed(Any details) {
            return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                    .setCode(Status.Code.FAILED_PRECONDITION.value())
                    .addDetails(details)
                    .build());
        }
    }
}
