/* SPDX-License-Identifier: BSD-2-Clause
 * How are a step and an obstacle told to people? */
#include <danepriv/plan.h>

const char *
danepriv_step_text(danepriv_step step)
{
	switch (step) {
	case DANEPRIV_STEP_REFUSE:
		return "ask nobody";
	case DANEPRIV_STEP_ASK:
		return "make the attempts, in their order";
	case DANEPRIV_STEP_LEARN_NAMES:
		return "look up the zone's own NS records first";
	case DANEPRIV_STEP_WAIT:
		return "wait for a connection to be closed";
	}
	return "unknown step";
}

const char *
danepriv_obstacle_text(danepriv_obstacle obstacle)
{
	switch (obstacle) {
	case DANEPRIV_OBSTACLE_NONE:
		return "nothing stands in the way";
	case DANEPRIV_OBSTACLE_NO_PLACE:
		return "the server has no address";
	case DANEPRIV_OBSTACLE_NAME_UNPROVEN:
		return "nothing proves that the server is one of the zone's";
	case DANEPRIV_OBSTACLE_NO_KEY:
		return "the server's owner publishes no key that is proven";
	case DANEPRIV_OBSTACLE_NOT_LEARNT:
		return "looking the server's key up failed lately";
	case DANEPRIV_OBSTACLE_REJECTED:
		return "the server showed another key lately";
	case DANEPRIV_OBSTACLE_CONNECTIONS:
		return "too many connections are open";
	}
	return "unknown obstacle";
}
