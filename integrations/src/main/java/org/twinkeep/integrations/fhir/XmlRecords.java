package org.twinkeep.integrations.fhir;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Takes an XML file apart, entry by entry, and turns each resource into JSON. Document types and external entities are off. */
final class XmlRecords {
    private static final int LONGEST_TAG = 32 * 1024 * 1024;

    private final InputFile file;
    private final FhirModel model;
    private final Heard heard;
    private final Kept kept = new Kept();

    XmlRecords(InputFile file, FhirModel model, Heard heard) {
        this.file = file;
        this.model = model;
        this.heard = heard;
    }

    void read(LongConsumer bytes) throws IOException {
        try (var in = new ShortTags(file.open(bytes))) {
            var xml = safe().createXMLStreamReader(in);
            try {
                root(xml);
            } catch (XMLStreamException e) {
                var at = xml.getLocation();
                heard.refused(
                        "line " + at.getLineNumber() + ", column " + at.getColumnNumber(),
                        "is not well-formed XML from here on, or is cut off. What stands before it was read; nothing after it");
            } finally {
                xml.close();
            }
        } catch (XMLStreamException e) {
            heard.refused("the beginning", "is not well-formed XML");
        }
    }

    /** OWASP XXE prevention for StAX: no document type, no external entity. */
    private static XMLInputFactory safe() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setXMLResolver((_, _, _, _) -> InputStream.nullInputStream());
        return factory;
    }

    static boolean isBundle(InputFile file) throws IOException {
        try (var in = new ShortTags(file.open(_ -> {}))) {
            var xml = safe().createXMLStreamReader(in);
            while (xml.hasNext() && !xml.isStartElement()) {
                xml.next();
            }
            return xml.isStartElement() && isFhir(xml, "Bundle");
        } catch (XMLStreamException e) {
            return false;
        }
    }

    private void root(XMLStreamReader xml) throws XMLStreamException {
        while (xml.next() != XMLStreamConstants.START_ELEMENT) {
            if (xml.getEventType() == XMLStreamConstants.DTD) {
                heard.refused(
                        "the beginning",
                        "has a document type (DOCTYPE), which FHIR does not use and which is not safe to read");
                return;
            }
        }
        if (isFhir(xml, "Bundle")) {
            bundle(xml);
        } else {
            resource(xml, "the resource", null, null, null);
        }
        while (xml.hasNext()) {
            xml.next();
        }
    }

    private void bundle(XMLStreamReader xml) throws XMLStreamException {
        @Nullable String kind = null;
        boolean paged = false;
        int number = 0;
        try {
            while (xml.next() != XMLStreamConstants.END_ELEMENT) {
                if (!xml.isStartElement()) {
                    continue;
                }
                if (isFhir(xml, "entry")) {
                    entry(xml, "entry " + ++number);
                } else if (isFhir(xml, "type")) {
                    kind = xml.getAttributeValue(null, "value");
                    skip(xml);
                } else if (isFhir(xml, "link")) {
                    paged |= "next".equals(valueWithin(xml, "relation"));
                } else {
                    skip(xml);
                }
            }
        } finally {
            heard.bundle(kind, paged);
        }
    }

    private void entry(XMLStreamReader xml, String where) throws XMLStreamException {
        @Nullable String fullUrl = null;
        @Nullable String source = null;
        @Nullable String mode = null;
        @Nullable String method = null;
        @Nullable String refusal = "has no resource";
        int guessed = 0;
        kept.clear();
        while (xml.next() != XMLStreamConstants.END_ELEMENT) {
            if (!xml.isStartElement()) {
                continue;
            }
            switch (xml.getLocalName()) {
                case "fullUrl" -> {
                    fullUrl = xml.getAttributeValue(null, "value");
                    skip(xml);
                }
                case "extension" -> {
                    boolean ours = Exported.SOURCE.equals(xml.getAttributeValue(null, "url"));
                    var value = valueWithin(xml, "valueUri");
                    source = ours ? value : source;
                }
                case "search" -> mode = valueWithin(xml, "mode");
                case "request" -> method = valueWithin(xml, "method");
                case "resource" -> {
                    refusal = "has no resource";
                    while (xml.next() != XMLStreamConstants.END_ELEMENT) {
                        if (xml.isStartElement()) {
                            var resource = new XmlResource(model, xml);
                            refusal = convert(resource);
                            guessed = resource.guessed();
                        }
                    }
                }
                default -> skip(xml);
            }
        }
        if ("DELETE".equals(method) || "PATCH".equals(method)) {
            heard.refused(where, JsonRecords.ASKS_TO_CHANGE);
        } else if (refusal != null) {
            heard.refused(where, refusal);
        } else {
            heard.resource(new Heard.Piece(where, fullUrl, source, mode, true, guessed, kept.copy()));
        }
    }

    private void resource(
            XMLStreamReader xml, String where, @Nullable String fullUrl, @Nullable String source, @Nullable String mode)
            throws XMLStreamException {
        kept.clear();
        var resource = new XmlResource(model, xml);
        var refusal = convert(resource);
        if (refusal != null) {
            heard.refused(where, refusal);
        } else {
            heard.resource(new Heard.Piece(where, fullUrl, source, mode, true, resource.guessed(), kept.copy()));
        }
    }

    /** @return why it was refused, or null */
    private @Nullable String convert(XmlResource resource) throws XMLStreamException {
        try {
            resource.writeTo(kept);
            return kept.overflown() ? "is larger than 48 MB, the most that one resource may have" : null;
        } catch (XmlResource.Unfaithful e) {
            return "cannot be turned into JSON without loss: " + e.getMessage();
        }
    }

    private static boolean isFhir(XMLStreamReader xml, String name) {
        return name.equals(xml.getLocalName()) && XmlResource.FHIR.equals(xml.getNamespaceURI());
    }

    /** The value of this child; reads to the end of the present element. */
    private static @Nullable String valueWithin(XMLStreamReader xml, String child) throws XMLStreamException {
        @Nullable String found = null;
        while (xml.next() != XMLStreamConstants.END_ELEMENT) {
            if (xml.isStartElement()) {
                if (child.equals(xml.getLocalName())) {
                    found = xml.getAttributeValue(null, "value");
                }
                skip(xml);
            }
        }
        return found;
    }

    private static void skip(XMLStreamReader xml) throws XMLStreamException {
        for (int open = 1; open > 0; ) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> open++;
                case XMLStreamConstants.END_ELEMENT -> open--;
                default -> {}
            }
        }
    }

    /** Ends a text in which one tag would fill the memory. */
    private static final class ShortTags extends FilterInputStream {
        private long sinceTag;

        ShortTags(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            int n = super.read(b, off, len);
            for (int i = 0; i < n; i++) {
                sinceTag = b[off + i] == '<' ? 0 : sinceTag + 1;
            }
            if (sinceTag > LONGEST_TAG) {
                throw new IOException("a tag of more than 32 MB");
            }
            return n;
        }
    }
}
