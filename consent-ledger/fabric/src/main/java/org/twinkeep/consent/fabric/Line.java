package org.twinkeep.consent.fabric;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.security.InvalidKeyException;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeUnit;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.Network;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.client.identity.Signers;
import org.hyperledger.fabric.client.identity.X509Identity;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockchainInfo;
import org.twinkeep.consent.ledger.LedgerUnavailable;

/** One connection to the organisation's peer. It is thrown away and made anew when the peer stays away. */
final class Line implements AutoCloseable {

    private static final long EVALUATE_SECONDS = 5;
    private static final long ENDORSE_SECONDS = 15;
    private static final long SUBMIT_SECONDS = 15;

    private final ManagedChannel wire;
    private final Gateway gateway;
    private final Network network;
    private final FabricAccess access;

    Line(FabricAccess access) {
        this.access = access;
        try (var certificate = Files.newBufferedReader(access.certificate());
                var key = Files.newBufferedReader(access.key())) {
            var identity = new X509Identity(access.msp(), Identities.readX509Certificate(certificate));
            wire = Grpc.newChannelBuilder(
                            access.peer(),
                            TlsChannelCredentials.newBuilder()
                                    .trustManager(access.peerCa().toFile())
                                    .build())
                    .build();
            gateway = Gateway.newInstance()
                    .identity(identity)
                    .signer(Signers.newPrivateKeySigner(Identities.readPrivateKey(key)))
                    .connection(wire)
                    .evaluateOptions(options -> options.withDeadlineAfter(EVALUATE_SECONDS, TimeUnit.SECONDS))
                    .endorseOptions(options -> options.withDeadlineAfter(ENDORSE_SECONDS, TimeUnit.SECONDS))
                    .submitOptions(options -> options.withDeadlineAfter(SUBMIT_SECONDS, TimeUnit.SECONDS))
                    .connect();
            network = gateway.getNetwork(access.channel());
        } catch (IOException | CertificateException | InvalidKeyException e) {
            throw new LedgerUnavailable(
                    "The certificates or the key for the Fabric network cannot be read: check its properties.", e);
        }
    }

    Contract contract() {
        return network.getContract(access.chaincode());
    }

    /** How many blocks the peer has. */
    long height() throws GatewayException {
        try {
            var answer = network.getContract("qscc").evaluateTransaction("GetChainInfo", access.channel());
            return BlockchainInfo.parseFrom(answer).getHeight();
        } catch (InvalidProtocolBufferException e) {
            throw new LedgerUnavailable("The peer gave an answer about its chain that cannot be read.", e);
        }
    }

    /** Every block from this one on, as they come. */
    CloseableIterator<Block> blocksFrom(long number) {
        return network.newBlockEventsRequest().startBlock(number).build().getEvents();
    }

    @Override
    public void close() {
        gateway.close();
        wire.shutdownNow();
    }
}
