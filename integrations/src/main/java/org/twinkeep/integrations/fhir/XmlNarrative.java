package org.twinkeep.integrations.fhir;

import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The XHTML of a narrative as one string, as FHIR's JSON form keeps it: text, elements and attributes in their order. */
final class XmlNarrative {
    /** Steps the reader on, and counts. */
    interface Step {
        int next() throws XMLStreamException;
    }

    private XmlNarrative() {}

    /** @param xml at the start of the {@code div}; afterwards at its end */
    static String read(XMLStreamReader xml, Step step) throws XMLStreamException {
        var text = new StringBuilder();
        int open = 0;
        do {
            if (xml.isStartElement()) {
                start(xml, text, open == 0);
                open++;
                int event = step.next();
                if (event == XMLStreamConstants.END_ELEMENT) {
                    text.append("/>");
                    open--;
                } else {
                    text.append('>');
                    continue;
                }
            } else if (xml.isEndElement()) {
                text.append("</").append(name(xml)).append('>');
                open--;
            } else if (xml.isCharacters()) {
                escape(xml.getText(), text, false);
            } else if (xml.getEventType() == XMLStreamConstants.ENTITY_REFERENCE) {
                text.append('&').append(name(xml)).append(';');
            }
            if (open > 0) {
                step.next();
            }
        } while (open > 0);
        return text.toString();
    }

    private static void start(XMLStreamReader xml, StringBuilder text, boolean outermost) {
        text.append('<').append(name(xml));
        if (outermost) {
            text.append(" xmlns=\"").append(XmlResource.XHTML).append('"');
        }
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            var prefix = xml.getAttributePrefix(i);
            text.append(' ');
            if (prefix != null && !prefix.isEmpty()) {
                text.append(prefix).append(':');
            }
            text.append(xml.getAttributeLocalName(i)).append("=\"");
            escape(xml.getAttributeValue(i), text, true);
            text.append('"');
        }
    }

    /** The prefix goes, because the outermost element says the namespace for all. */
    private static String name(XMLStreamReader xml) {
        return xml.getLocalName();
    }

    private static void escape(String from, StringBuilder to, boolean attribute) {
        for (int i = 0; i < from.length(); i++) {
            char c = from.charAt(i);
            switch (c) {
                case '&' -> to.append("&amp;");
                case '<' -> to.append("&lt;");
                case '>' -> to.append("&gt;");
                case '"' -> to.append(attribute ? "&quot;" : "\"");
                case '\n', '\t' -> to.append(attribute ? "&#" + (int) c + ";" : String.valueOf(c));
                default -> to.append(c);
            }
        }
    }
}
