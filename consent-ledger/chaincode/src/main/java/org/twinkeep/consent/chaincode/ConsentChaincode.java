package org.twinkeep.consent.chaincode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URISyntaxException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.hyperledger.fabric.metrics.Metrics;
import org.hyperledger.fabric.shim.ChaincodeBase;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.NettyChaincodeServer;
import org.hyperledger.fabric.shim.ResponseUtils;
import org.hyperledger.fabric.traces.Traces;
import org.twinkeep.consent.contract.KeyedContract;
import org.twinkeep.consent.contract.KeyedContract.Write;
import org.twinkeep.consent.ledger.LedgerRefused;

/**
 * The consent contract, served to one organisation's peer (chaincode as a service). A skin: everything it decides is
 * {@link KeyedContract}; it adds who must endorse the next change of a key.
 *
 * <p>Deterministic: its only time is the transaction's, and it writes canonical bytes. A refusal is answered with its plain
 * words, quotes nothing and writes nothing.
 */
public final class ConsentChaincode extends ChaincodeBase {

    /** What a refusal begins with: the words after it are the contract's. */
    static final String REFUSED = "refused: ";

    /** The answer when all of it is recorded already. */
    static final byte[] RECORDED = "recorded".getBytes(UTF_8);

    /** Listens on {@code CHAINCODE_SERVER_ADDRESS} for the peer that knows it by {@code CORE_CHAINCODE_ID_NAME}. */
    public static void main(String[] arguments) throws IOException, InterruptedException, URISyntaxException {
        var chaincode = new ConsentChaincode();
        chaincode.initializeLogging();
        chaincode.processEnvironmentOptions();
        chaincode.validateOptions();
        Metrics.initialize(chaincode.getChaincodeConfig());
        Traces.initialize(chaincode.getChaincodeConfig());
        new NettyChaincodeServer(chaincode, chaincode.getChaincodeServerConfig()).start();
    }

    @Override
    public Response init(ChaincodeStub stub) {
        return ResponseUtils.newSuccessResponse();
    }

    @Override
    public Response invoke(ChaincodeStub stub) {
        var contract = new KeyedContract(key -> value(stub, key));
        try {
            var all = stub.getArgs();
            if (all.isEmpty()) {
                throw new LedgerRefused(LedgerRefused.Why.MALFORMED);
            }
            var written = contract.execute(new String(all.getFirst(), UTF_8), arguments(all), time(stub));
            written.ifPresent(write -> put(stub, write));
            return ResponseUtils.newSuccessResponse(written.map(Write::value).orElse(RECORDED));
        } catch (LedgerRefused refused) {
            return ResponseUtils.newErrorResponse(REFUSED + refused.why().words());
        }
    }

    private static void put(ChaincodeStub stub, Write write) {
        stub.putState(write.key(), write.value());
        if (write.first()) {
            stub.setStateValidationParameter(write.key(), Endorsement.of(write.key()));
        }
        stub.setEvent("recorded", write.key().getBytes(UTF_8));
    }

    private static List<byte[]> arguments(List<byte[]> all) {
        return all.subList(1, all.size());
    }

    private static Optional<byte[]> value(ChaincodeStub stub, String key) {
        var value = stub.getState(key);
        return value == null || value.length == 0 ? Optional.empty() : Optional.of(value);
    }

    /** To the millisecond, as records say it. */
    private static Instant time(ChaincodeStub stub) {
        return stub.getTxTimestamp().truncatedTo(ChronoUnit.MILLIS);
    }
}
