// Twenty sentences, five for each level.

const split = (sentences) => sentences.split("/").map((sentence) => sentence.trim());

export const LEVELS = {
  level1: split(`Wow, check out this castle. / Where is the library? / I like milk and bread. /
    She has a red umbrella. / It is very cold today.`),
  level2: split(`Could I have some water? / We usually walk to school. /
    My brother plays the violin. / Turn left at the traffic light. / I forgot my password again.`),
  level3: split(`I would rather stay home tonight. / It is warmer than yesterday. /
    She said she would call me later. / How long have you lived here? / Thursday is the third.`),
  level4: split(`Rarely have I seen such a view. / They should have asked us earlier. /
    He thoroughly thought it through. / It depends on what you are used to. /
    Whether we win hardly matters.`),
};

/** The sentence that the sample voice says. */
export const SAMPLE_SENTENCE = LEVELS.level1[0];
