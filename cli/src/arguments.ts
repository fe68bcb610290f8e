import { string } from '@oclif/core/args';

interface ArgumentText {
  description: string;
}

// oclif would else wait for an argument on standard input.
const never = { ignoreStdin: true } as const;

/** An argument that must be there. */
export const needed = ({ description }: ArgumentText) => string({ description, required: true, ...never });

/** An argument that may be left out. */
export const optional = ({ description }: ArgumentText) => string({ description, ...never });

/** Any number of words. */
export const anyNumber = ({ description }: ArgumentText) => string({ description, multiple: true, ...never });

/** The argument that names a person. */
export const who = needed({
  description: 'A person: usr-…, DIRECTORY:SOURCEID such as hr:E1003, or userName=…, employeeNumber=…, email=….',
});
