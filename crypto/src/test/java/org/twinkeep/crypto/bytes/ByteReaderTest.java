package org.twinkeep.crypto.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.Tampered;

class ByteReaderTest {

    @Test
    void what_was_written_is_read() {
        var id = UUID.fromString("00112233-4455-4677-8899-aabbccddeeff");
        var bytes = new ByteWriter()
                .u8(255)
                .u24(0xabcdef)
                .u32(Integer.MAX_VALUE)
                .u64(-2)
                .uuid(id)
                .framed("a\u00e4")
                .raw(new byte[] {9})
                .toBytes();
        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("ff" + "abcdef" + "7fffffff" + "fffffffffffffffe" + "00112233445546778899aabbccddeeff"
                        + "00000003" + "61c3a4" + "09");
        var reader = new ByteReader(bytes, "it");
        assertThat(reader.u8()).isEqualTo(255);
        assertThat(reader.u24()).isEqualTo(0xabcdef);
        assertThat(reader.u32()).isEqualTo(Integer.MAX_VALUE);
        assertThat(reader.u64()).isEqualTo(-2);
        assertThat(reader.uuid()).isEqualTo(id);
        assertThat(reader.framed()).containsExactly(0x61, 0xc3, 0xa4);
        assertThat(reader.rest()).containsExactly(9);
        reader.end();
    }

    @Test
    void whatever_does_not_fit_is_tampered_and_allocates_nothing() {
        for (var malformed : List.of("", "00", "00000002ff", "7fffffff00", "ffffffff00", "80000000")) {
            assertThatThrownBy(() -> new ByteReader(HexFormat.of().parseHex(malformed), "it").framed())
                    .isInstanceOf(Tampered.class)
                    .hasMessage("it");
        }
        assertThatThrownBy(() -> new ByteReader(new byte[7], "it").u64()).isInstanceOf(Tampered.class);
        assertThatThrownBy(() -> new ByteReader(new byte[1], "it").end()).isInstanceOf(Tampered.class);
    }
}
