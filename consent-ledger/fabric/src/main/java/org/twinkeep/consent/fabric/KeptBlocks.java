package org.twinkeep.consent.fabric;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.hyperledger.fabric.protos.common.Block;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.consent.durable.Sha256;

/**
 * Every block that our peer delivered, in one file beside the house's other ledger files (docs/formats/consent-fabric.md): the
 * house starts from it while no peer answers, and it is verified offline from the first block. Only a copy: what is missing
 * or damaged is fetched again.
 */
final class KeptBlocks implements AutoCloseable {

    static final String NAME = "fabric.blocks";

    /** Fabric's largest block is far below (AbsoluteMaxBytes of the channel). */
    private static final int LONGEST = 128 << 20;

    private static final int CHECK = 32;
    private static final Logger LOG = LoggerFactory.getLogger(KeptBlocks.class);

    /**
     * What a reading came to.
     *
     * @param length how many bytes of the file hold together
     * @param trouble what stands behind them; null when nothing does
     * @param torn whether that is the beginning of a block whose writing was broken off
     */
    record Read(long blocks, long length, @Nullable String trouble, boolean torn) {}

    private final RandomAccessFile file;
    private boolean failed;

    private KeptBlocks(RandomAccessFile file) {
        this.file = file;
    }

    /** Reads each block, then opens the file for more; what does not hold together is cut off. */
    static KeptBlocks open(Path folder, Consumer<Block> each) throws IOException {
        var path = folder.resolve(NAME);
        var read = read(path, each);
        if (read.trouble() != null) {
            LOG.warn("{}: block {} {}; it is fetched from the network again.", path, read.blocks(), read.trouble());
        }
        var file = new RandomAccessFile(path.toFile(), "rw");
        file.setLength(read.length());
        file.seek(read.length());
        return new KeptBlocks(file);
    }

    /** Reads each block in order, until the end or the first that is not as it was written or that is not taken. */
    static Read read(Path path, Consumer<Block> each) throws IOException {
        long length = 0;
        long number = 0;
        if (!Files.exists(path)) {
            return new Read(0, 0, null, false);
        }
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path), 1 << 16))) {
            for (int first = in.read(); first >= 0; first = in.read()) {
                int size =
                        first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedByte() << 8 | in.readUnsignedByte();
                if (size < 0 || size > LONGEST) {
                    return new Read(number, length, "was altered", false);
                }
                var check = in.readNBytes(CHECK);
                var bytes = in.readNBytes(size);
                if (bytes.length < size) {
                    return new Read(number, length, "is not whole", true);
                }
                if (!Arrays.equals(check, Sha256.of(bytes))) {
                    return new Read(number, length, "was altered", false);
                }
                each.accept(Block.parseFrom(bytes));
                length += 4 + CHECK + size;
                number++;
            }
            return new Read(number, length, null, false);
        } catch (EOFException e) {
            return new Read(number, length, "is not whole", true);
        } catch (InvalidProtocolBufferException e) {
            return new Read(number, length, "was altered", false);
        } catch (Replica.Broken | IllegalArgumentException e) {
            return new Read(number, length, String.valueOf(e.getMessage()), false);
        }
    }

    /** Keeps the next block. That it cannot is said once; what is not kept is fetched again. */
    void keep(Block block) {
        if (failed) {
            return;
        }
        var bytes = block.toByteArray();
        try {
            file.write(ByteBuffer.allocate(4 + CHECK + bytes.length)
                    .putInt(bytes.length)
                    .put(Sha256.of(bytes))
                    .put(bytes)
                    .array());
        } catch (IOException e) {
            failed = true;
            LOG.warn("The network's blocks cannot be kept on this disk any more: is it full? ({})", e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
