package org.twinkeep.consent.fabric;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.durable.Sha256;

/** A block of a Fabric channel, as far as we read it. */
record FabricBlock(long number, String previous, String hash, List<Tx> transactions) {

    /**
     * A transaction of the block.
     *
     * @param code the peers' finding; only {@code VALID} ones changed anything
     * @param calls what was asked of our chaincode, and what it wrote; empty for every other kind
     */
    record Tx(String id, TxValidationCode code, Instant at, List<Call> calls) {}

    /** @param writes value by key */
    record Call(List<byte[]> arguments, Map<String, byte[]> writes) {}

    /** @throws IllegalArgumentException when the block is not what its header says, or is no block of Fabric's */
    static FabricBlock read(Block block, String chaincode) {
        try {
            var data = block.getData().getDataList();
            var parts = data.stream().map(ByteString::toByteArray).toArray(byte[][]::new);
            var header = block.getHeader();
            var dataHash = header.getDataHash().toByteArray();
            if (!Arrays.equals(Sha256.of(parts), dataHash)) {
                throw new IllegalArgumentException("is not what its header says");
            }
            var previous = header.getPreviousHash().toByteArray();
            var codes = block.getMetadata().getMetadata(BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE);
            var transactions = new ArrayList<Tx>();
            for (int i = 0; i < data.size(); i++) {
                var code = i < codes.size() ? TxValidationCode.forNumber(codes.byteAt(i) & 0xff) : null;
                transactions.add(
                        transaction(data.get(i), code == null ? TxValidationCode.NOT_VALIDATED : code, chaincode));
            }
            return new FabricBlock(
                    header.getNumber(), Hex.of(previous), hash(header.getNumber(), previous, dataHash), transactions);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("cannot be read", e);
        }
    }

    /** SHA-256 of the DER encoding of number, previous hash and hash of the data, as Fabric chains its blocks. */
    private static String hash(long number, byte[] previous, byte[] data) {
        try {
            var der = new DERSequence(
                    new ASN1Encodable[] {new ASN1Integer(number), new DEROctetString(previous), new DEROctetString(data)
                    });
            return Hex.of(Sha256.of(der.getEncoded()));
        } catch (IOException e) {
            throw new IllegalStateException("a header always has an encoding", e);
        }
    }

    private static Tx transaction(ByteString envelope, TxValidationCode code, String chaincode)
            throws InvalidProtocolBufferException {
        var payload = Payload.parseFrom(Envelope.parseFrom(envelope).getPayload());
        var header = ChannelHeader.parseFrom(payload.getHeader().getChannelHeader());
        var time = header.getTimestamp();
        var at = Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).truncatedTo(ChronoUnit.MILLIS);
        var calls = new ArrayList<Call>();
        if (header.getType() == HeaderType.ENDORSER_TRANSACTION_VALUE && code == TxValidationCode.VALID) {
            for (var action : Transaction.parseFrom(payload.getData()).getActionsList()) {
                addCall(ChaincodeActionPayload.parseFrom(action.getPayload()), chaincode, calls);
            }
        }
        return new Tx(header.getTxId(), code, at, calls);
    }

    private static void addCall(ChaincodeActionPayload action, String chaincode, List<Call> calls)
            throws InvalidProtocolBufferException {
        var asked = ChaincodeInvocationSpec.parseFrom(
                        ChaincodeProposalPayload.parseFrom(action.getChaincodeProposalPayload())
                                .getInput())
                .getChaincodeSpec();
        var response = ProposalResponsePayload.parseFrom(action.getAction().getProposalResponsePayload());
        var results = TxReadWriteSet.parseFrom(
                ChaincodeAction.parseFrom(response.getExtension()).getResults());
        var writes = new TreeMap<String, byte[]>();
        for (var space : results.getNsRwsetList()) {
            if (space.getNamespace().equals(chaincode)) {
                for (var write : KVRWSet.parseFrom(space.getRwset()).getWritesList()) {
                    writes.put(write.getKey(), write.getValue().toByteArray());
                }
            }
        }
        if (!writes.isEmpty() || asked.getChaincodeId().getName().equals(chaincode)) {
            var arguments = asked.getInput().getArgsList().stream()
                    .map(ByteString::toByteArray)
                    .toList();
            calls.add(new Call(arguments, writes));
        }
    }
}
