import java.io.File;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Checks files against flavours: VeraCheck 3a,ua1 FILE...; prints what fails, once for each rule. */
public class VeraCheck {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean compliant = true;
        for (String flavour : arguments[0].split(",")) {
            for (int index = 1; index < arguments.length; index++) {
                compliant &= check(PDFAFlavour.fromString(flavour), arguments[index]);
            }
        }
        System.exit(compliant ? 0 : 1);
    }

    private static boolean check(PDFAFlavour flavour, String name) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(name), flavour);
             PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            System.out.println(name + " " + flavour.getId() + " " + (result.isCompliant() ? "compliant" : "not compliant")
                + " (" + result.getTotalAssertions() + " checks)");
            Map<String, String> failed = new TreeMap<>();
            for (TestAssertion item : result.getTestAssertions()) {
                if (item.getStatus() == TestAssertion.Status.FAILED) {
                    String rule = item.getRuleId().getClause() + "-" + item.getRuleId().getTestNumber();
                    failed.putIfAbsent(rule, item.getMessage() + " at " + item.getLocation().getContext());
                }
            }
            failed.forEach((rule, text) -> System.out.println("  " + rule + ": " + text));
            return result.isCompliant();
        }
    }
}
