/** Opens the search. Separate from the dialog, which is loaded after the first screen. */
import { createSpotlight } from '@mantine/spotlight'

const [store, actions] = createSpotlight()

export const searchDialogStore = store
export const searchDialog = actions
